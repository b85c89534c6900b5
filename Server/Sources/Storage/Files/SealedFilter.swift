import TelemetryModel

/// Answers whether a hot file that was sealed had a row with a hash: certainly not, or perhaps (about three times in a million for others).
struct SealedFilter: Sendable {
    /// The hot file.
    let hot: Int64
    /// Where its rows went.
    let segments: [SegmentKey]
    /// Whether it knows the days of traces: for rows that went to several days of a project.
    let knowsDays: Bool
    private var words: [UInt64]

    /// Whether it answers "perhaps" for everything: `hearth doctor` writes such filters, for all hot files before at once.
    var isOpen: Bool { words.allSatisfy { $0 == .max } }

    private static let bitsPerHash = 28
    private static let probes = 12

    init(hot: Int64, segments: [SegmentKey], capacity: Int, knowsDays: Bool = false) {
        self.hot = hot
        self.segments = segments
        self.knowsDays = knowsDays
        words = [UInt64](repeating: 0, count: max(1, (capacity * Self.bitsPerHash + 63) / 64))
    }

    /// A filter from its bytes; nil when there are none.
    init?(hot: Int64, segments: [SegmentKey], bytes: [UInt8], knowsDays: Bool = false) {
        guard !bytes.isEmpty, bytes.count % 8 == 0 else { return nil }
        self.hot = hot
        self.segments = segments
        self.knowsDays = knowsDays
        words = stride(from: 0, to: bytes.count, by: 8).map { offset in
            bytes[offset..<offset + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        }
    }

    /// Little-endian words.
    var bytes: [UInt8] {
        words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (UInt64($0) * 8)) } }
    }

    mutating func insert(_ hash: UInt64) {
        for probe in 0..<Self.probes {
            let bit = position(hash, probe)
            words[bit >> 6] |= 1 << UInt64(bit & 63)
        }
    }

    func mayContain(_ hash: UInt64) -> Bool {
        for probe in 0..<Self.probes {
            let bit = position(hash, probe)
            if words[bit >> 6] & (1 << UInt64(bit & 63)) == 0 { return false }
        }
        return true
    }

    // MARK: Days of traces

    /// A trace has rows of a day.
    mutating func insert(_ trace: UInt64, day: Int32) { insert(Self.hash(trace, day)) }

    /// The segments that may have what was looked for.
    func segments(of wanted: WantedHashes) -> [SegmentKey] {
        let found = wanted.hashes.filter(mayContain)
        if found.isEmpty { return [] }
        guard knowsDays, wanted.areTraces else { return segments }
        return segments.filter { segment in found.contains { mayContain(Self.hash($0, segment.day)) } }
    }

    private static func hash(_ trace: UInt64, _ day: Int32) -> UInt64 {
        var hash = StableHash(key0: trace, key1: UInt64(UInt32(bitPattern: day)))
        hash.combine(trace)
        return hash.finalize()
    }

    /// The hash is good already: its halves make all probes.
    private func position(_ hash: UInt64, _ probe: Int) -> Int {
        let mixed = hash &+ UInt64(probe) &* (hash >> 32 | hash << 32 | 1)
        return Int(truncatingIfNeeded: mixed.multipliedFullWidth(by: UInt64(words.count) * 64).high)
    }
}
