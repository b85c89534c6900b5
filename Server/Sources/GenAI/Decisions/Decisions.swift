public import TelemetryModel

/// What became of one model-call record.
public struct CallDecision: Sendable, Equatable {
    /// The record that stands for the call: the record's own identity when it stands itself, else it is a duplicate of the winner.
    public var winner: StepIdentity
    /// Winner: records merged into this call, itself included (≥ 1). Duplicates: 0.
    public var mergedRecords: Int32
    /// Winner: the values it lacks and takes from its duplicates. Empty for duplicates.
    public var patch: CallValues
    /// Nearest enclosing agent run in the record's own trace, ``SpanID/none`` without one.
    public var runSpanID: SpanID

    public init(winner: StepIdentity, mergedRecords: Int32, patch: CallValues, runSpanID: SpanID) {
        self.winner = winner
        self.mergedRecords = mergedRecords
        self.patch = patch
        self.runSpanID = runSpanID
    }
}

/// What became of one tool execution.
public struct ToolDecision: Sendable, Equatable {
    /// Nearest enclosing agent run, ``SpanID/none`` without one.
    public var runSpanID: SpanID
    /// The same execution seen again further in (an MCP client or server span inside the agent's tool span): not counted.
    public var isNestedTwin: Bool

    public init(runSpanID: SpanID, isNestedTwin: Bool) {
        self.runSpanID = runSpanID
        self.isNestedTwin = isNestedTwin
    }
}

/// A decision that is new or differs from the one reported before.
public struct DecisionChange<Decision: Sendable & Equatable>: Sendable, Equatable {
    public var identity: StepIdentity
    public var decision: Decision
    /// True when the step came with this input, so that no earlier decision is stored.
    public var isNew: Bool

    public init(identity: StepIdentity, decision: Decision, isNew: Bool) {
        self.identity = identity
        self.decision = decision
        self.isNew = isNew
    }
}

/// The outcome of one ``ProjectSteps/apply(_:stored:)``, ordered by identity.
public struct DecisionChanges: Sendable {
    /// Every call that came with the input, and earlier ones whose decision changed, also in other traces.
    public var calls: [DecisionChange<CallDecision>] = []
    /// Every tool call that came with the input, and earlier ones whose decision changed.
    public var tools: [DecisionChange<ToolDecision>] = []
    /// Traces whose remembered state this changed. When the transaction fails, pass them to ``ProjectSteps/forget(_:)``.
    public var traces: [TraceID] = []

    public init() {}
}
