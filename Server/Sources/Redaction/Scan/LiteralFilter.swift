/// Finds places where one of many literals may stand, in one pass: a bit per hash of three case-folded bytes.
struct LiteralFilter: Sendable {
    struct Literal: Sendable {
        /// Lower case, at least three bytes.
        var bytes: [UInt8]
        var trigger: Trigger
    }

    /// What a literal in a text calls for.
    enum Trigger: Sendable {
        /// A word of the SDK scrubber, by index.
        case word(Int)
        case detector(Detector)
        /// A pattern of an own rule, by index.
        case pattern(Int)
        /// Part of a name that a rule for names may match; nothing to be found in a text.
        case name
    }

    private var bits = [UInt64](repeating: 0, count: 128)
    /// For each hash, where its literals begin in ``order``; one more entry than hashes.
    private var starts: [UInt16]
    private var order: [UInt16] = []
    private(set) var literals: [Literal]

    init(_ literals: [Literal]) {
        self.literals = literals
        var buckets = [[UInt16]](repeating: [], count: 8_192)
        for (index, literal) in literals.enumerated() {
            let hash = literal.bytes.withUnsafeBufferPointer { Self.hash($0, 0) }
            buckets[hash].append(UInt16(index))
            bits[hash >> 6] |= 1 << UInt64(hash & 63)
        }
        starts = [0]
        starts.reserveCapacity(8_193)
        for bucket in buckets {
            order += bucket
            starts.append(UInt16(order.count))
        }
    }

    var isEmpty: Bool { literals.isEmpty }

    /// 0…8191; needs three bytes at `at`.
    @inline(__always)
    static func hash(_ text: UnsafeBufferPointer<UInt8>, _ at: Int) -> Int {
        let word = UInt32(text[at]) | UInt32(text[at &+ 1]) << 8 | UInt32(text[at &+ 2]) << 16
        return Int(truncatingIfNeeded: ((word | 0x20_2020) &* 0x9e37_79b1) >> 19)
    }

    @inline(__always)
    func mayStart(_ hash: Int) -> Bool { bits[hash >> 6] & (1 << UInt64(truncatingIfNeeded: hash & 63)) != 0 }

    /// Calls `body` with each literal that stands at `at`, until it answers true.
    @inline(__always)
    func forEach(_ text: UnsafeBufferPointer<UInt8>, _ at: Int, _ hash: Int, _ body: (Literal) -> Bool) -> Bool {
        for position in Int(starts[hash])..<Int(starts[hash + 1]) {
            let literal = literals[Int(order[position])]
            if Self.stands(literal.bytes, text, at), body(literal) { return true }
        }
        return false
    }

    static func stands(_ literal: [UInt8], _ text: UnsafeBufferPointer<UInt8>, _ at: Int) -> Bool {
        guard at + literal.count <= text.count else { return false }
        for index in 0..<literal.count where ASCII.lower(text[at + index]) != literal[index] { return false }
        return true
    }
}

/// Classes of ASCII characters.
enum ASCII {
    @inline(__always) static func lower(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte }
    @inline(__always) static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
    @inline(__always) static func isUpper(_ byte: UInt8) -> Bool { byte >= 0x41 && byte <= 0x5a }
    @inline(__always) static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
    @inline(__always) static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }
    /// Letters, digits and what keys and tokens are made of.
    @inline(__always) static func isToken(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || byte == 0x5f || byte == 0x2d }
    @inline(__always) static func isBase64(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || byte == 0x2b || byte == 0x2f || byte == 0x5f || byte == 0x2d
    }
    @inline(__always) static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 9 < 5 }
}
