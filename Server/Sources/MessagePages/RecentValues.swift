/// The last long values of a page, which later ones of the same trace and key may begin like.
struct RecentValues {
    private struct Entry {
        var trace: UInt64
        var key: Int
        var piece: Int
        var value: [UInt8]
    }

    private var entries: [Entry] = []
    /// Entries in use; the others only keep their memory.
    private var count = 0
    /// Where the next value goes.
    private var next = 0

    /// Values that are compared with each new one.
    private static let limit = 8
    /// Shorter beginnings are not worth an entry, so shorter values are neither added nor looked for.
    static let minimumPrefix = 48
    /// What a longer list ends with in place of a shorter one's end: `]`, or `}]`.
    private static let closing = 2

    /// The value that shares most of its beginning with `value`.
    ///
    /// - Returns: its piece and the bytes shared; piece -1 and 0 when they are too few.
    func longestPrefix(of value: UnsafeBufferPointer<UInt8>, key: Int, trace: UInt64) -> (piece: Int, bytes: Int) {
        var best = (piece: -1, bytes: 0)
        for age in 1...Self.limit where age <= count {
            let candidate = entries[(next - age + Self.limit) % Self.limit]
            guard candidate.key == key, candidate.trace == trace else { continue }
            let shared = Self.sharedPrefix(candidate.value, value)
            if shared >= best.bytes { best = (candidate.piece, shared) }
            // A history that goes on after its newest turn: earlier ones have less of it.
            if shared >= max(Self.minimumPrefix, candidate.value.count - Self.closing) { break }
        }
        return best.bytes < Self.minimumPrefix ? (-1, 0) : best
    }

    mutating func add(_ value: UnsafeBufferPointer<UInt8>, key: Int, trace: UInt64, piece: Int) {
        if next == entries.count {
            entries.append(Entry(trace: trace, key: key, piece: piece, value: Array(value)))
        } else {
            entries[next].trace = trace
            entries[next].key = key
            entries[next].piece = piece
            entries[next].value.removeAll(keepingCapacity: true)
            entries[next].value.append(contentsOf: value)
        }
        next = (next + 1) % Self.limit
        count = min(count + 1, Self.limit)
    }

    mutating func removeAll() {
        count = 0
        next = 0
    }

    private static func sharedPrefix(_ a: [UInt8], _ b: UnsafeBufferPointer<UInt8>) -> Int {
        a.withUnsafeBytes { a in
            let b = UnsafeRawBufferPointer(b)
            let limit = min(a.count, b.count)
            var index = 0
            while index + 8 <= limit,
                a.loadUnaligned(fromByteOffset: index, as: UInt64.self) == b.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            { index += 8 }
            while index < limit, a[index] == b[index] { index += 1 }
            return index
        }
    }
}
