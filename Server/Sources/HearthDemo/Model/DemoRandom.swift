/// The demonstration's source of chance: SplitMix64, so that one seed always tells the same story.
///
/// The helpers are written out instead of using the standard library's, whose algorithms may change between releases.
struct DemoRandom: Sendable {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A generator of its own, so that what one part draws does not change what the next part gets.
    mutating func fork() -> DemoRandom {
        DemoRandom(seed: next())
    }

    mutating func int(_ range: ClosedRange<Int>) -> Int {
        let width = UInt64(range.upperBound - range.lowerBound) + 1
        return range.lowerBound + Int(next() % width)
    }

    /// Evenly spread over `range`.
    mutating func double(_ range: ClosedRange<Double>) -> Double {
        let unit = Double(next() >> 11) * 0x1p-53
        return range.lowerBound + unit * (range.upperBound - range.lowerBound)
    }

    /// Bunched towards the lower end of `range` with a long tail, as latencies are.
    mutating func latency(_ range: ClosedRange<Double>) -> Double {
        let unit = double(0...1)
        return range.lowerBound + unit * unit * unit * (range.upperBound - range.lowerBound)
    }

    mutating func chance(_ probability: Double) -> Bool {
        double(0...1) < probability
    }

    /// - Precondition: `items` is not empty.
    mutating func pick<Element>(_ items: [Element]) -> Element {
        items[int(0...(items.count - 1))]
    }
}
