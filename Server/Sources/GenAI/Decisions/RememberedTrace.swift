import TelemetryModel

/// A trace that ``ProjectSteps`` remembers, with what was last reported about its steps.
struct RememberedTrace: Sendable {
    /// What was last reported about a call. A `merge` of zero means that it is not known any more; no fingerprint is zero.
    struct ReportedCall: Sendable {
        var merge: UInt64 = 0
        var run: UInt64 = 0
        /// False until the call's own commit has been reported.
        var isStored = false
    }

    struct ReportedTool: Sendable {
        var decision: ToolDecision?
        var isStored = false
    }

    var steps: TraceSteps
    /// Parallel to the calls and tools of ``steps``.
    var calls: [ReportedCall] = []
    var tools: [ReportedTool] = []
    /// Members of the project's response groups that come from this trace.
    var members: [(key: ResponseKey, member: ResponseMember)] = []
    /// Whether all other records of its calls' responses and streams are known to the project's groups.
    var isComplete = false
    var lastUse: UInt64 = 0
    /// The share of this trace in the project's estimate.
    var countedBytes = 0

    /// - Parameter isStored: whether the steps are read back rather than new.
    init(_ steps: TraceSteps, isStored: Bool) {
        self.steps = steps
        calls = [ReportedCall](repeating: ReportedCall(isStored: isStored), count: steps.calls.count)
        tools = [ReportedTool](repeating: ReportedTool(isStored: isStored), count: steps.tools.count)
    }

    /// Makes room in the parallel arrays for steps that were added.
    mutating func grow() {
        while calls.count < steps.calls.count { calls.append(ReportedCall()) }
        while tools.count < steps.tools.count { tools.append(ReportedTool()) }
    }

    var estimatedByteSize: Int {
        MemoryLayout<Self>.size + steps.estimatedByteSize + calls.capacity * MemoryLayout<ReportedCall>.stride
            + tools.capacity * MemoryLayout<ReportedTool>.stride + members.capacity * 56
    }
}
