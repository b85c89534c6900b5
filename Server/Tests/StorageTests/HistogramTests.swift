import Testing

@testable import Storage

/// Buckets of both kinds: adding, subtracting, and estimates of quantiles.
@Suite struct HistogramTests {
    private func explicit(_ counts: [UInt64], bounds: [Double] = [1, 2, 4]) -> ExplicitHistogram {
        ExplicitHistogram(bounds: bounds, counts: counts, total: counts.reduce(0, +))
    }

    private func exponential(
        _ scale: Int32, zero: UInt64 = 0, threshold: Double = 0, _ offset: Int32, _ counts: [UInt64], negative: [UInt64] = []
    )
        -> ExponentialHistogram
    {
        ExponentialHistogram(
            scale: scale, zeroCount: zero, zeroThreshold: threshold, positive: .init(offset: offset, counts: counts),
            negative: .init(offset: 0, counts: negative))
    }

    @Test func explicitQuantilesAreLinearWithinABucket() {
        let histogram = explicit([10, 10, 20, 0])
        #expect(histogram.quantile(0.5, minimum: nil, maximum: nil) == 2)
        #expect(histogram.quantile(0.75, minimum: nil, maximum: nil) == 3)
        #expect(histogram.quantile(0, minimum: nil, maximum: nil) == 0)
        #expect(histogram.quantile(1, minimum: nil, maximum: nil) == 4)
        #expect(histogram.quantile(0, minimum: 0.5, maximum: 3.5) == 0.5)
        #expect(histogram.quantile(1, minimum: 0.5, maximum: 3.5) == 3.5)
    }

    @Test func outerBucketsReachToTheExtremesWhereKnown() {
        let histogram = explicit([0, 0, 0, 10])
        #expect(histogram.quantile(0.9, minimum: nil, maximum: nil) == 4)
        #expect(histogram.quantile(0.5, minimum: 6, maximum: 8) == 7)
        let negative = explicit([10, 0], bounds: [-1])
        #expect(negative.quantile(0.5, minimum: nil, maximum: nil) == -1)
    }

    @Test func withoutBoundsOnlyTheExtremesSayAnything() {
        let histogram = ExplicitHistogram(bounds: [], counts: [], total: 4)
        #expect(histogram.quantile(0.5, minimum: nil, maximum: nil) == nil)
        #expect(histogram.quantile(0.5, minimum: 2, maximum: 4) == 3)
        #expect(explicit([0, 0, 0, 0]).quantile(0.5, minimum: nil, maximum: nil) == nil)
    }

    @Test func bucketsThatDoNotFitTheirBoundsAreNoticed() {
        #expect(!explicit([1, 2]).isValid)
        #expect(explicit([1, 2, 3, 4]).subtracting(explicit([1, 2])) == nil)
        #expect(explicit([1, 2, 3, 4]).subtracting(explicit([2, 2, 3, 4])) == nil)
        #expect(explicit([3, 2, 3, 4]).subtracting(explicit([1, 2, 0, 0]))?.counts == [2, 0, 3, 4])
    }

    @Test func differentScalesMeetAtTheSmaller() {
        var histogram = exponential(1, 0, [1, 2, 3, 4])
        histogram.add(exponential(0, -1, [5, 0, 7]))
        #expect(histogram.scale == 0)
        #expect(histogram.positive.offset == -1)
        #expect(histogram.positive.counts == [5, 3, 14])
    }

    @Test func negativeIndexesAreHalvedDownwards() {
        var histogram = exponential(3, -3, [1, 1, 1, 1])
        histogram.reduce(to: 2)
        #expect(histogram.positive.offset == -2)
        #expect(histogram.positive.counts == [1, 2, 1])
    }

    @Test func exponentialQuantilesFollowTheBounds() throws {
        let histogram = exponential(0, 0, [0, 10, 0, 10])
        #expect(histogram.quantile(0, minimum: nil, maximum: nil) == 2)
        #expect(histogram.quantile(0.5, minimum: nil, maximum: nil) == 4)
        #expect(histogram.quantile(1, minimum: nil, maximum: nil) == 16)
        let middle = try #require(histogram.quantile(0.75, minimum: nil, maximum: nil))
        #expect(abs(middle - 8 * 2.0.squareRoot()) < 1e-12)
        #expect(histogram.quantile(1, minimum: 2.5, maximum: 11) == 11)
    }

    @Test func negativeValuesComeFirst() {
        let histogram = exponential(0, zero: 4, 0, [2], negative: [2])
        #expect(histogram.quantile(0, minimum: nil, maximum: nil) == -2)
        #expect(histogram.quantile(0.5, minimum: nil, maximum: nil) == 0)
        #expect(histogram.quantile(1, minimum: nil, maximum: nil) == 2)
    }

    @Test func aWiderZeroTakesTheBucketsItCovers() {
        var histogram = exponential(0, zero: 1, 0, [1, 1, 1, 1])
        histogram.add(exponential(0, zero: 5, threshold: 3, 4, [1]))
        #expect(histogram.zeroCount == 8)
        #expect(histogram.zeroThreshold == 4)
        #expect(histogram.positive.offset == 2)
        #expect(histogram.positive.counts == [1, 1, 1])
    }

    @Test func farRangesLoseResolutionInsteadOfTakingMemory() {
        var histogram = exponential(20, .max - 4, [1, 1])
        histogram.add(exponential(20, .min + 4, [1, 1]))
        #expect(histogram.positive.counts.count <= ExponentialHistogram.Buckets.maximum)
        #expect(histogram.positive.counts.reduce(0, +) == 4)
        var extreme = exponential(.max, 0, [1])
        extreme.add(exponential(.min, 0, [1]))
        #expect(extreme.positive.counts.reduce(0, +) == 2)
    }

    @Test func subtractionNeedsWhatItTakes() {
        let later = exponential(1, 0, [4, 4, 4, 4])
        #expect(later.subtracting(exponential(2, 0, [1, 1, 1, 1]))?.positive.counts == [2, 2, 4, 4])
        #expect(later.subtracting(exponential(1, 0, [5])) == nil)
        #expect(later.subtracting(exponential(1, 7, [1])) == nil)
    }
}
