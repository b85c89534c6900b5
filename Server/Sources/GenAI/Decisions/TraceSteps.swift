public import TelemetryModel

/// The candidates of one trace and the parent of every span in it: all that decisions about the trace depend on.
///
/// A set: adding in any order, or twice, gives the same state.
public struct TraceSteps: Sendable {
    public let traceID: TraceID
    public private(set) var calls: [CallCandidate] = []
    public private(set) var tools: [ToolCandidate] = []
    public private(set) var runs: [RunCandidate] = []

    public init(traceID: TraceID) {
        self.traceID = traceID
    }

    /// Remembers the parent of a span. Also pending spans and spans that are no step: decisions walk through them.
    public mutating func addLink(_ span: SpanID, parent: SpanID) {}

    public mutating func add(_ call: CallCandidate) { calls.append(call) }
    public mutating func add(_ tool: ToolCandidate) { tools.append(tool) }
    public mutating func add(_ run: RunCandidate) { runs.append(run) }

    /// Estimated memory of the value in bytes.
    public var estimatedByteSize: Int { 0 }
}
