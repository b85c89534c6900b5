public import OTLPIngest
public import SelfMetrics
import Synchronization

/// What came in since the server started, whatever the transport.
public final class IngestActivity: Sendable {
    /// Counts of one signal.
    public struct Counts: Sendable, Hashable {
        /// Requests whose rows were stored, repeats included.
        public var requests: Int64 = 0
        /// Spans, logs or metric points that are new in the store.
        public var stored: Int64 = 0
        /// Rows that had been stored before.
        public var repeated: Int64 = 0
        /// Records that were left out of a request (answered as partial success).
        public var rejected: Int64 = 0
        /// Requests that are no OTLP.
        public var malformed: Int64 = 0
        /// Requests that could not be stored at the time: the queue was full, or the engine unavailable.
        public var failed: Int64 = 0
    }

    /// One per signal, in the order traces, logs, metrics.
    private let state = Mutex([Counts(), Counts(), Counts()])
    private let histogram = DurationHistogram()
    private let latest = Mutex<ContinuousClock.Instant?>(nil)

    public init() {}

    public func counts(_ signal: OTLPSignal) -> Counts { state.withLock { $0[Self.index(signal)] } }

    /// From the decoded request to the end of the commit that made it durable.
    public var commitDurations: DurationHistogram.Snapshot { histogram.snapshot }

    /// How long ago the last request was stored; nil when there was none.
    public var sinceLastStored: Duration? { latest.withLock { $0.map { ContinuousClock.now - $0 } } }

    func committed(after duration: Duration) {
        histogram.record(duration)
        latest.withLock { $0 = .now }
    }

    func count(_ signal: OTLPSignal, _ change: (inout Counts) -> Void) {
        state.withLock { change(&$0[Self.index(signal)]) }
    }

    private static func index(_ signal: OTLPSignal) -> Int {
        switch signal {
        case .traces: 0
        case .logs: 1
        case .metrics: 2
        }
    }
}
