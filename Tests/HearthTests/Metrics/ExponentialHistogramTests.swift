import Testing

@testable import Hearth

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

@Suite struct ExponentialHistogramTests {
    /// Seeded, so that a failure can be repeated.
    private struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var value = state
            value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
            value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
            return value ^ value >> 31
        }
    }

    /// The bounds of a bucket, by another way than the code's: powers by multiplication of roots of two.
    private func contains(_ value: Double, index: Int, scale: Int) -> Bool {
        let lower = pow(2, Double(index) / pow(2, Double(scale)))
        let upper = pow(2, Double(index + 1) / pow(2, Double(scale)))
        // Rounding of `pow` itself.
        let slack = 1e-12
        return value > lower * (1 - slack) && value <= upper * (1 + slack)
    }

    @Test(arguments: -10...20) func valuesLieBetweenTheBoundsOfTheirBuckets(scale: Int) {
        var random = Random(state: UInt64(scale + 100))
        for _ in 0..<2000 {
            let value = exp2(Double.random(in: -60...60, using: &random))
            let index = ExponentialBuckets.index(of: value, scale: scale)
            #expect(contains(value, index: index, scale: scale), "\(value) at scale \(scale)")
        }
    }

    @Test func powersOfTwoAreUpperBounds() {
        for exponent in -1074...1023 {
            let value = Double(sign: .plus, exponent: exponent, significand: 1)
            for scale in 0...20 {
                // 2^e is the upper bound of the bucket before (e << scale).
                #expect(ExponentialBuckets.index(of: value, scale: scale) == (exponent << scale) - 1)
                if exponent > -1022 {
                    #expect(ExponentialBuckets.index(of: value.nextUp, scale: scale) == exponent << scale)
                    #expect(ExponentialBuckets.index(of: value.nextDown, scale: scale) == (exponent << scale) - 1)
                }
            }
            for scale in -10..<0 {
                // Bounds are powers of 2^(2^-scale): all in whole numbers.
                let width = 1 << -scale
                let expected = (exponent - (exponent > 0 ? 1 : width)) / width
                let index = ExponentialBuckets.index(of: value, scale: scale)
                #expect(index * width < exponent && exponent <= (index + 1) * width, "\(expected) \(exponent) \(scale)")
            }
        }
    }

    @Test func aCoarserScaleJoinsNeighbours() {
        var random = Random(state: 5)
        for _ in 0..<5000 {
            let value = exp2(Double.random(in: -1000...1000, using: &random))
            for scale in -9...19 {
                #expect(
                    ExponentialBuckets.index(of: value, scale: scale)
                        == ExponentialBuckets.index(of: value, scale: scale + 1) >> 1
                )
            }
        }
    }

    /// Counts all values at the scale that came out, with dictionaries instead of a ring.
    @Test(arguments: 0..<60) func countsEqualBruteForce(seed: Int) {
        var random = Random(state: UInt64(seed))
        let size = [2, 3, 4, 7, 20, 160][seed % 6]
        let spread = [0.001, 1, 5, 30, 300, 1000][seed / 6 % 6]
        var histogram = ExponentialHistogram(maximumSize: size, maximumScale: 20)
        var values: [Double] = []
        for round in 0..<600 {
            var value = exp2(Double.random(in: -spread...spread, using: &random))
            if seed % 3 == 0, round % 5 == 0 { value = -value }
            if round % 17 == 0 { value = 0 }
            values.append(value)
            histogram.add(value)
            guard round % 50 == 49, let taken = histogram.value else { continue }
            let scale = Int(taken.scale)
            for (sign, buckets) in [(1.0, taken.positive), (-1.0, taken.negative)] {
                var expected: [Int: UInt64] = [:]
                for value in values where value * sign > 0 {
                    expected[ExponentialBuckets.index(of: abs(value), scale: scale), default: 0] += 1
                }
                var actual: [Int: UInt64] = [:]
                for (place, count) in buckets.counts.enumerated() where count > 0 { actual[Int(buckets.offset) + place] = count }
                #expect(actual == expected)
                #expect(buckets.counts.count <= size)
                if !buckets.counts.isEmpty { #expect(buckets.counts.first != 0 && buckets.counts.last != 0) }
            }
            #expect(taken.count == UInt64(values.count))
            #expect(taken.zeroCount == UInt64(values.count { $0 == 0 }))
            #expect(taken.min == values.min() && taken.max == values.max())
            if values.contains(where: { $0 < 0 }) {
                #expect(taken.sum == nil)
            } else {
                #expect(abs((taken.sum ?? 0) - values.reduce(0, +)) <= abs(values.reduce(0, +)) * 1e-12)
            }
            // No finer scale would have had room.
            if scale < 20 {
                let isTooWide = [1.0, -1.0].contains { sign in
                    let indices = values.filter { $0 * sign > 0 }.map { ExponentialBuckets.index(of: abs($0), scale: scale + 1) }
                    guard let low = indices.min(), let high = indices.max() else { return false }
                    return high - low >= size
                }
                #expect(isTooWide)
            }
        }
    }

    @Test func extremesFit() throws {
        var histogram = ExponentialHistogram(maximumSize: 160, maximumScale: 20)
        for value in [Double.leastNonzeroMagnitude, .greatestFiniteMagnitude, 1, 1, .leastNormalMagnitude] { histogram.add(value) }
        let value = try #require(histogram.value)
        #expect(value.scale == -4)
        #expect(value.positive.counts.reduce(0, +) == 5)
        histogram.removeAll()
        #expect(histogram.value == nil)
        histogram.add(3)
        #expect(histogram.value?.scale == 20)
        #expect(histogram.value?.positive.counts == [1])
        var narrow = ExponentialHistogram(maximumSize: 2, maximumScale: 20)
        for value in [Double.leastNonzeroMagnitude, .greatestFiniteMagnitude] { narrow.add(value) }
        #expect(narrow.value?.scale == -11)
        #expect(narrow.value?.positive.counts == [1, 1])
    }
}
