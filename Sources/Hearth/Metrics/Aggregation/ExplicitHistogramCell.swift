import Synchronization

/// Counts between bounds that are given.
final class ExplicitHistogramCell: MetricCell {
    /// OpenTelemetry's bounds, made for milliseconds.
    static let defaultBounds: [Double] = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000]

    private struct State {
        var summary = HistogramSummary()
        var counts: [UInt64]
        var exemplars = ExemplarReservoir(capacity: 4)
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(counts: [UInt64](repeating: 0, count: bounds.count + 1)))
    }

    func record(_ value: MeasuredValue, _ source: ExemplarSource) {
        let number = value.double
        let index = Self.bucket(of: number, in: bounds)
        state.withLock { state in
            state.summary.add(number)
            state.counts[index] &+= 1
            if source.isWanted { state.exemplars.offer(value, source) }
        }
    }

    /// The first bucket whose bound is not below the value.
    static func bucket(of value: Double, in bounds: [Double]) -> Int {
        var low = 0
        var high = bounds.count
        while low < high {
            let middle = (low + high) / 2
            if bounds[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    func collect(isDelta: Bool, now: UInt64) -> CollectedCell? {
        state.withLock { state in
            guard state.summary.count > 0 else { return nil }
            let value = HistogramValue(
                count: state.summary.count,
                sum: state.summary.reportedSum,
                min: state.summary.min,
                max: state.summary.max,
                bounds: bounds,
                bucketCounts: state.counts
            )
            let exemplars = state.exemplars.take()
            if isDelta {
                state.summary = HistogramSummary()
                for index in state.counts.indices { state.counts[index] = 0 }
            }
            return CollectedCell(value: .histogram(value), exemplars: exemplars)
        }
    }

    func reset() {
        _ = collect(isDelta: true, now: 0)
    }
}

/// What all histograms keep.
struct HistogramSummary {
    private(set) var count: UInt64 = 0
    private(set) var sum = 0.0
    private(set) var min = Double.infinity
    private(set) var max = -Double.infinity
    private var hasNegative = false

    mutating func add(_ value: Double) {
        count &+= 1
        sum += value
        if value < min { min = value }
        if value > max { max = value }
        if value < 0 { hasNegative = true }
    }

    /// OTLP wants sums that only grow, so there is none with negative values.
    var reportedSum: Double? { hasNegative ? nil : sum }
}
