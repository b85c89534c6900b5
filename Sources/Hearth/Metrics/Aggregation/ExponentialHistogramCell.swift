import Synchronization

/// Counts in buckets that widen until all values fit in.
final class ExponentialHistogramCell: MetricCell {
    private struct State {
        var histogram: ExponentialHistogram
        var exemplars: ExemplarReservoir
    }

    private let state: Mutex<State>

    init(maximumSize: Int, maximumScale: Int) {
        state = Mutex(
            State(
                histogram: ExponentialHistogram(maximumSize: maximumSize, maximumScale: maximumScale),
                exemplars: ExemplarReservoir(capacity: min(maximumSize, 20))
            )
        )
    }

    func record(_ value: MeasuredValue, _ source: ExemplarSource) {
        state.withLock { state in
            state.histogram.add(value.double)
            if source.isWanted { state.exemplars.offer(value, source) }
        }
    }

    func collect(isDelta: Bool, now: UInt64) -> CollectedCell? {
        state.withLock { state in
            guard let value = state.histogram.value else { return nil }
            let exemplars = state.exemplars.take()
            if isDelta { state.histogram.removeAll() }
            return CollectedCell(value: .exponentialHistogram(value), exemplars: exemplars)
        }
    }

    func reset() {
        _ = collect(isDelta: true, now: 0)
    }
}

/// OpenTelemetry's exponential histogram of base 2.
struct ExponentialHistogram {
    private let maximumScale: Int
    private(set) var scale: Int
    private(set) var zeroCount: UInt64 = 0
    private(set) var positive: ExponentialBuckets
    /// Made with the first negative value: they are rare.
    private(set) var negative: ExponentialBuckets?
    private var summary = HistogramSummary()

    /// - Parameters:
    ///   - maximumSize: buckets of each sign, from 2 to 16,384.
    ///   - maximumScale: from -10 to 20.
    init(maximumSize: Int, maximumScale: Int) {
        self.maximumScale = maximumScale
        scale = maximumScale
        positive = ExponentialBuckets(capacity: maximumSize)
    }

    /// - Parameter value: finite.
    mutating func add(_ value: Double) {
        summary.add(value)
        if value == 0 {
            zeroCount &+= 1
            return
        }
        if value < 0, negative == nil { negative = ExponentialBuckets(capacity: positive.capacity) }
        var index = ExponentialBuckets.index(of: abs(value), scale: scale)
        let change = value > 0 ? positive.scaleReduction(for: index) : negative?.scaleReduction(for: index) ?? 0
        if change > 0 {
            positive.reduceScale(by: change)
            negative?.reduceScale(by: change)
            scale -= change
            index >>= change
        }
        if value > 0 { positive.increment(index) } else { negative?.increment(index) }
    }

    /// Nil when nothing was added.
    var value: ExponentialHistogramValue? {
        guard summary.count > 0 else { return nil }
        return ExponentialHistogramValue(
            count: summary.count,
            sum: summary.reportedSum,
            min: summary.min,
            max: summary.max,
            scale: Int32(clamping: scale),
            zeroCount: zeroCount,
            positive: positive.dense,
            negative: negative?.dense ?? .init(offset: 0, counts: [])
        )
    }

    mutating func removeAll() {
        scale = maximumScale
        zeroCount = 0
        positive.removeAll()
        negative?.removeAll()
        summary = HistogramSummary()
    }
}
