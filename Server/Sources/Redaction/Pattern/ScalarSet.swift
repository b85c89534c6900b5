/// A set of Unicode scalars: a bitmap for ASCII, ranges for the rest.
struct ScalarSet: Sendable, Equatable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0
    /// Ranges at and above U+0080.
    private var ranges: [ClosedRange<UInt32>] = []
    private var isInverted = false

    init() {}

    init(_ scalars: UInt32...) {
        for scalar in scalars { insert(scalar...scalar) }
    }

    /// Every scalar but the line feed.
    static let any: ScalarSet = {
        var set = ScalarSet(0x0a)
        set.invert()
        return set
    }()
    static let digits = ScalarSet(range: 0x30...0x39)
    static let word: ScalarSet = {
        var set = digits
        set.insert(0x41...0x5a)
        set.insert(0x61...0x7a)
        set.insert(0x5f...0x5f)
        return set
    }()
    static let space = ScalarSet(0x20, 0x09, 0x0a, 0x0b, 0x0c, 0x0d)

    init(range: ClosedRange<UInt32>) { insert(range) }

    mutating func insert(_ range: ClosedRange<UInt32>) {
        if range.lowerBound < 128 {
            for scalar in range.lowerBound...min(127, range.upperBound) {
                if scalar < 64 { low |= 1 << UInt64(scalar) } else { high |= 1 << UInt64(scalar - 64) }
            }
        }
        if range.upperBound >= 128 { ranges.append(max(128, range.lowerBound)...range.upperBound) }
    }

    /// Adds the members of `other`; an inverted set beyond ASCII adds every scalar beyond ASCII.
    mutating func formUnion(_ other: ScalarSet) {
        for scalar in UInt32(0)..<128 where other.contains(scalar) { insert(scalar...scalar) }
        if other.isInverted { ranges.append(128...0x10_ffff) } else { ranges.append(contentsOf: other.ranges) }
    }

    mutating func invert() { isInverted.toggle() }

    /// Adds the other case of every ASCII letter in the set.
    mutating func foldCase() {
        for letter in UInt32(0x41)...0x5a {
            if contains(letter) != contains(letter | 0x20) {
                // In an inverted set the letter that is listed as missing is missing in both cases.
                insert(letter...letter)
                insert((letter | 0x20)...(letter | 0x20))
            }
        }
    }

    func contains(_ scalar: UInt32) -> Bool {
        let found: Bool
        if scalar < 64 {
            found = low & (1 << UInt64(scalar)) != 0
        } else if scalar < 128 {
            found = high & (1 << UInt64(scalar - 64)) != 0
        } else {
            found = ranges.contains { $0.contains(scalar) }
        }
        return found != isInverted
    }

    /// The only ASCII character of the set, letters of both cases counting as one in lower case; nil when there are others.
    var singleCharacter: UInt8? {
        guard !isInverted, ranges.isEmpty else { return nil }
        var only: UInt8?
        for byte in UInt8(0)..<128 where contains(UInt32(byte)) {
            let folded = byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte
            if let only, only != folded { return nil }
            only = folded
        }
        return only
    }

    /// Whether a scalar beyond ASCII may be in the set.
    var reachesBeyondASCII: Bool { isInverted || !ranges.isEmpty }
}
