import Synchronization

/// How long something took, counted by upper bounds. One lock per observation: for requests, commits and queries, not for spans.
public final class DurationHistogram: Sendable {
    /// Seconds, rising.
    public static let bounds = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
    ]

    /// A histogram at one moment.
    public struct Snapshot: Sendable, Hashable {
        /// Observations up to each bound and above the one before; the last entry counts those above all bounds.
        public var counts: [Int64]
        /// Seconds.
        public var sum: Double

        public init() {
            counts = Array(repeating: 0, count: DurationHistogram.bounds.count + 1)
            sum = 0
        }

        public var count: Int64 { counts.reduce(0, +) }

        /// An estimate of a quantile in seconds, evenly spread within a bucket; nil without observations. What lies above all bounds counts as
        /// the last bound.
        public func quantile(_ share: Double) -> Double? {
            let total = count
            guard total > 0 else { return nil }
            let rank = share * Double(total)
            var below = 0.0
            for (index, bound) in DurationHistogram.bounds.enumerated() {
                let inside = Double(counts[index])
                if inside > 0, below + inside >= rank {
                    let start = index == 0 ? 0 : DurationHistogram.bounds[index - 1]
                    return start + (bound - start) * max(0, rank - below) / inside
                }
                below += inside
            }
            return DurationHistogram.bounds.last
        }
    }

    private let state = Mutex(Snapshot())

    public init() {}

    public func record(_ duration: Duration) {
        let (whole, attoseconds) = duration.components
        let seconds = Double(whole) + Double(attoseconds) / 1e18
        let index = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
        state.withLock { state in
            state.counts[index] += 1
            state.sum += seconds
        }
    }

    public var snapshot: Snapshot { state.withLock { $0 } }
}
