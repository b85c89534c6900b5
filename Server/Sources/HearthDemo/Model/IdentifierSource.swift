/// Ids that look like the emitters' own and never repeat from one start of the demonstration to the next.
///
/// They mix the seed's chance with the start time: with the same ids a second run would be dropped as repeats of the first.
struct IdentifierSource: Sendable {
    private var random: DemoRandom
    private let salt: UInt64

    init(random: DemoRandom, startTime: Int64) {
        self.random = random
        var mixer = DemoRandom(seed: UInt64(bitPattern: startTime))
        salt = mixer.next()
    }

    mutating func fork() -> IdentifierSource {
        var copy = self
        copy.random = random.fork()
        return copy
    }

    private mutating func next() -> UInt64 {
        var mixer = DemoRandom(seed: random.next() ^ salt)
        return mixer.next()
    }

    /// Never zero.
    mutating func spanID() -> UInt64 {
        let value = next()
        return value == 0 ? 1 : value
    }

    /// Begins with the time in milliseconds, as the logfire SDK's trace ids do.
    mutating func traceID(at time: Int64) -> TraceIdentifier {
        TraceIdentifier(high: UInt64(time / 1_000_000) << 16 | (next() & 0xffff), low: spanID())
    }

    /// A version 7 UUID.
    mutating func uuid(at time: Int64) -> String {
        let high = Self.hex(UInt64(time / 1_000_000) << 16 | 0x7000 | (next() & 0xfff))
        let low = Self.hex(0x8000_0000_0000_0000 | (next() >> 2))
        return "\(high.prefix(8))-\(high.dropFirst(8).prefix(4))-\(high.suffix(4))-\(low.prefix(4))-\(low.suffix(12))"
    }

    /// A provider's id: `prefix` and letters and digits.
    mutating func providerID(_ prefix: String, length: Int = 24) -> String {
        let letters = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
        var text = prefix
        for _ in 0..<length { text.append(letters[Int(next() % UInt64(letters.count))]) }
        return text
    }

    /// Sixteen lower-case digits.
    static func hex(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
