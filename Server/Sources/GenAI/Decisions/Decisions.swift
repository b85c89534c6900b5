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
    /// Winner: what the spans around the call tell. Empty for duplicates.
    public var surroundings: CallSurroundings

    public init(
        winner: StepIdentity, mergedRecords: Int32, patch: CallValues, runSpanID: SpanID, surroundings: CallSurroundings = .init()
    ) {
        self.winner = winner
        self.mergedRecords = mergedRecords
        self.patch = patch
        self.runSpanID = runSpanID
        self.surroundings = surroundings
    }
}

/// What only the spans around a model call tell about it.
public struct CallSurroundings: Sendable, Equatable {
    /// HTTP requests that failed and were made again; 0 when there was just one request, nil when no request was seen.
    public var retryCount: Int32?
    /// Why the latest retried request failed: its HTTP status code, else the type of its exception.
    public var retryCause: String?
    /// Duration of the prompt-building span beside the call, in seconds; nil when there is none.
    public var promptBuildTime: Double?

    public init(retryCount: Int32? = nil, retryCause: String? = nil, promptBuildTime: Double? = nil) {
        self.retryCount = retryCount
        self.retryCause = retryCause
        self.promptBuildTime = promptBuildTime
    }

    public var isEmpty: Bool { retryCount == nil && promptBuildTime == nil }

    /// Takes what is unknown here from `other`.
    mutating func fillMissing(from other: CallSurroundings) {
        if retryCount == nil { (retryCount, retryCause) = (other.retryCount, other.retryCause) }
        if promptBuildTime == nil { promptBuildTime = other.promptBuildTime }
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
