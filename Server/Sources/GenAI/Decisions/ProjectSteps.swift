public import TelemetryModel

/// Decides, for one project, which records are one model call, and what every call and tool execution belongs to.
///
/// The decisions are a pure function of the set of rows applied so far, whatever their order and batches: equal sets end in equal
/// decisions, and applying rows again changes nothing. Recently touched traces are remembered; the others are read back through
/// ``StoredSteps`` when a row of theirs, or another record of one of their responses, arrives.
public struct ProjectSteps: Sendable {
    private var traces: [TraceID: TraceSteps] = [:]

    public init() {}

    /// Adds the rows of one commit and returns every decision that is new or changed.
    ///
    /// - Throws: what `stored` throws; the state is then unchanged.
    public mutating func apply(_ input: StepInput, stored: some StoredSteps) throws -> DecisionChanges {
        DecisionChanges()
    }

    /// Forgets the given traces; they are read back when needed. For failed transactions and to free memory.
    public mutating func forget(_ traces: [TraceID]) {
        for trace in traces { self.traces[trace] = nil }
    }

    /// Forgets least recently touched traces until ``estimatedByteSize`` is at most `bytes`.
    public mutating func shrink(to bytes: Int) {}

    /// Estimated memory of all remembered traces in bytes.
    public var estimatedByteSize: Int { 0 }
}
