public import TelemetryModel

/// The candidates of one trace and the parent of every span in it: all that decisions about the trace depend on.
///
/// A set: adding in any order, or twice, gives the same decisions. Should two different rows claim one span id, a fixed order between
/// them decides, not which came first.
public struct TraceSteps: Sendable {
    public let traceID: TraceID
    public private(set) var calls: [CallCandidate] = []
    public private(set) var tools: [ToolCandidate] = []
    public private(set) var runs: [RunCandidate] = []
    public private(set) var attempts: [AttemptCandidate] = []
    public private(set) var builds: [PromptBuildCandidate] = []
    public private(set) var events: [CallEventCandidate] = []
    private var nodes: [UInt64: SpanNode] = [:]

    public init(traceID: TraceID) {
        self.traceID = traceID
    }

    /// Whether there is anything to decide.
    public var hasSteps: Bool { !calls.isEmpty || !tools.isEmpty }

    /// Remembers the parent of a span; also of pending spans and of spans that are no step, because decisions walk through them.
    public mutating func addLink(_ span: SpanID, parent: SpanID) {
        // A pending span and its final normally agree; where they do not, the larger id wins so that order cannot matter.
        nodes[span.value, default: SpanNode()].parent.raise(to: parent.value)
    }

    mutating func addLinks(_ links: ArraySlice<StepInput.Link>) {
        for link in links { addLink(link.spanID, parent: link.parent) }
    }

    /// Adds a model-call record. Its parent counts as a link too.
    public mutating func add(_ call: CallCandidate) {
        addLink(call.spanID, parent: call.parent)
        if let index = nodes[call.spanID.value]?.call {
            if call != calls[index], call.fingerprint < calls[index].fingerprint { calls[index] = call }
        } else {
            nodes[call.spanID.value]?.call = calls.count
            calls.append(call)
        }
    }

    /// Adds a tool execution. Its parent counts as a link too.
    public mutating func add(_ tool: ToolCandidate) {
        addLink(tool.spanID, parent: tool.parent)
        if let index = nodes[tool.spanID.value]?.tool {
            if (tool.name, tool.parent.value) < (tools[index].name, tools[index].parent.value) { tools[index] = tool }
        } else {
            nodes[tool.spanID.value]?.tool = tools.count
            tools.append(tool)
        }
    }

    /// Adds an agent run. Its parent counts as a link too.
    public mutating func add(_ run: RunCandidate) {
        addLink(run.spanID, parent: run.parent)
        if nodes[run.spanID.value]?.isRun == false {
            nodes[run.spanID.value]?.isRun = true
            runs.append(run)
        }
    }

    /// Adds an HTTP request. Its parent counts as a link too.
    public mutating func add(_ attempt: AttemptCandidate) {
        addLink(attempt.spanID, parent: attempt.parent)
        if nodes[attempt.spanID.value]?.isSurrounding == false {
            nodes[attempt.spanID.value]?.isSurrounding = true
            attempts.append(attempt)
        } else if let index = attempts.firstIndex(where: { $0.spanID == attempt.spanID }) {
            let other = attempts[index]
            if (attempt.start, attempt.method, attempt.failure ?? "") < (other.start, other.method, other.failure ?? "") {
                attempts[index] = attempt
            }
        }
    }

    /// Adds an event about a call. Events are logs, so nothing is inside them.
    public mutating func add(_ event: CallEventCandidate) {
        if let index = events.firstIndex(where: { $0.spanID == event.spanID }) {
            if event.values.fingerprint < events[index].values.fingerprint { events[index] = event }
        } else {
            events.append(event)
        }
    }

    /// Adds a span that builds a prompt. Its parent counts as a link too.
    public mutating func add(_ build: PromptBuildCandidate) {
        addLink(build.spanID, parent: build.parent)
        if nodes[build.spanID.value]?.isSurrounding == false {
            nodes[build.spanID.value]?.isSurrounding = true
            builds.append(build)
        } else if let index = builds.firstIndex(where: { $0.spanID == build.spanID }) {
            let other = builds[index]
            if (build.start, build.end, build.parent.value) < (other.start, other.end, other.parent.value) { builds[index] = build }
        }
    }

    /// What is known about a span; nil for spans that no row of the trace describes.
    func node(_ span: UInt64) -> SpanNode? { nodes[span] }

    /// Estimated memory of the value in bytes.
    public var estimatedByteSize: Int {
        let perNode = MemoryLayout<UInt64>.stride + MemoryLayout<SpanNode>.stride
        return MemoryLayout<Self>.size + nodes.capacity * perNode * 4 / 3 + calls.capacity * (MemoryLayout<CallCandidate>.stride + 32)
            + tools.capacity * MemoryLayout<ToolCandidate>.stride + runs.capacity * MemoryLayout<RunCandidate>.stride
            + attempts.capacity * MemoryLayout<AttemptCandidate>.stride + builds.capacity * MemoryLayout<PromptBuildCandidate>.stride
            + events.capacity * (MemoryLayout<CallEventCandidate>.stride + 32)
    }
}

/// A span as decisions see it: its parent, and which candidates it is. Sixteen bytes, because there is one for every span of a trace.
struct SpanNode: Sendable {
    var parent: UInt64 = 0
    private var callSlot: UInt32 = 0
    private var toolSlot: UInt32 = 0
    /// In ``toolSlot``: the span is an agent run. In ``callSlot``: it is an HTTP request or builds a prompt.
    private static let runFlag: UInt32 = 0x8000_0000

    /// Index into ``TraceSteps/calls``.
    var call: Int? {
        get { callSlot & ~Self.runFlag == 0 ? nil : Int(callSlot & ~Self.runFlag) - 1 }
        set { callSlot = callSlot & Self.runFlag | (newValue.map { UInt32(truncatingIfNeeded: $0 + 1) } ?? 0) }
    }

    /// Whether the span is among ``TraceSteps/attempts`` or ``TraceSteps/builds``.
    var isSurrounding: Bool {
        get { callSlot & Self.runFlag != 0 }
        set { callSlot = newValue ? callSlot | Self.runFlag : callSlot & ~Self.runFlag }
    }

    /// Index into ``TraceSteps/tools``.
    var tool: Int? {
        get { toolSlot & ~Self.runFlag == 0 ? nil : Int(toolSlot & ~Self.runFlag) - 1 }
        set { toolSlot = toolSlot & Self.runFlag | (newValue.map { UInt32(truncatingIfNeeded: $0 + 1) } ?? 0) }
    }

    var isRun: Bool {
        get { toolSlot & Self.runFlag != 0 }
        set { toolSlot = newValue ? toolSlot | Self.runFlag : toolSlot & ~Self.runFlag }
    }
}

extension UInt64 {
    fileprivate mutating func raise(to other: UInt64) { self = Swift.max(self, other) }
}
