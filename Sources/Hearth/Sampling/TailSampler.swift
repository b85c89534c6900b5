import HearthExport

/// Keeps whole traces by what happened in them; the others are dropped, or a share of them is kept.
public struct TailSampling: Sendable, Hashable {
    /// A span or log of at least this level keeps its trace; nil keeps none for that.
    public var level: Level?
    /// A trace that takes longer is kept; nil keeps none for that.
    public var duration: Duration?
    /// Share of the other traces that is kept, 0 … 1 (others are an error of `configure`), decided by the trace id.
    public var backgroundRate: Double
    /// Spans that may wait for their trace's decision, and traces that may be open; the oldest trace is kept when there are more. At least 1.
    public var maximumWaitingSpans = 20_000

    /// By default keeps traces with something of level notice or higher, and those that take more than five seconds.
    public init(level: Level? = .notice, duration: Duration? = .seconds(5), backgroundRate: Double = 0) {
        self.level = level
        self.duration = duration
        self.backgroundRate = backgroundRate
    }
}

/// Holds records back until their trace is decided: when something keeps it, or when its first span of this process ends. Pure.
struct TailSampler: Sendable {
    private struct Trace {
        var records: [SpanRecord] = []
        var start: UInt64
    }

    private let options: TailSampling
    private let duration: UInt64?
    private var waiting: [TraceID: Trace] = [:]
    /// Waiting traces, the oldest first; some may be decided meanwhile.
    private var order: [TraceID] = []
    /// Index of the first of ``order`` that may still wait.
    private var oldest = 0
    private var waitingRecords = 0
    /// Decisions of late, for records that come after them; two generations, the older one is forgotten as a whole.
    private var decisions: [TraceID: Bool] = [:]
    private var olderDecisions: [TraceID: Bool] = [:]
    static let rememberedDecisions = 10_000

    init(_ options: TailSampling) {
        self.options = options
        duration = options.duration?.wholeNanoseconds
    }

    /// - Returns: the records to be sent now.
    mutating func take(_ record: SpanRecord) -> [SpanRecord] {
        if let isKept = decisions[record.traceID] ?? olderDecisions[record.traceID] { return isKept ? [record] : [] }
        var trace = waiting.removeValue(forKey: record.traceID) ?? begin(record)
        trace.start = min(trace.start, record.start)
        // A pending record only tells that something began; it is sent when its trace is kept while it is open.
        let isWorthWaiting = record.kind != .pending
        if keeps(record, since: trace.start) {
            waitingRecords -= trace.records.count
            decide(record.traceID, isKept: true)
            return trace.records + [record]
        }
        if isWorthWaiting, record.parentSpanID == nil || record.parentIsRemote {
            waitingRecords -= trace.records.count
            let isKept = Sampler.isBelow(record.traceID, options.backgroundRate)
            decide(record.traceID, isKept: isKept)
            return isKept ? trace.records + [record] : []
        }
        if isWorthWaiting {
            trace.records.append(record)
            waitingRecords += 1
        }
        waiting[record.traceID] = trace
        return evicted()
    }

    /// The end of the process: what waits is decided by the share.
    mutating func finish() -> [SpanRecord] {
        defer {
            waiting = [:]
            order = []
            oldest = 0
            waitingRecords = 0
        }
        return order[oldest...].flatMap { id in Sampler.isBelow(id, options.backgroundRate) ? waiting[id]?.records ?? [] : [] }
    }

    /// Traces that are not decided.
    var waitingTraces: Int { waiting.count }

    private mutating func begin(_ record: SpanRecord) -> Trace {
        order.append(record.traceID)
        return Trace(start: record.start)
    }

    private func keeps(_ record: SpanRecord, since start: UInt64) -> Bool {
        if let level = options.level, (record.level ?? .info) >= level { return true }
        if let duration, record.end > start, record.end - start > duration { return true }
        return false
    }

    private mutating func decide(_ id: TraceID, isKept: Bool) {
        if decisions.count >= Self.rememberedDecisions {
            olderDecisions = decisions
            decisions = [:]
        }
        decisions[id] = isKept
        if order.count > 1024, order.count > 2 * waiting.count {
            order.removeAll { waiting[$0] == nil }
            oldest = 0
        }
    }

    /// Traces that no longer have room are kept: nothing is lost for want of memory.
    private mutating func evicted() -> [SpanRecord] {
        var result: [SpanRecord] = []
        // Also traces of which nothing waits take room: those whose spans are open, or were let go without an end.
        while max(waitingRecords, waiting.count) > options.maximumWaitingSpans, oldest < order.count {
            let id = order[oldest]
            oldest += 1
            guard let trace = waiting.removeValue(forKey: id) else { continue }
            waitingRecords -= trace.records.count
            decide(id, isKept: true)
            result += trace.records
        }
        return result
    }
}
