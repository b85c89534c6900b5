import GenAI
import TelemetryModel

/// Deterministic random numbers, so that a failing seed can be run again (SplitMix64).
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }
}

/// One row as decisions see it.
enum DecisionRow {
    case link(SpanID, parent: SpanID)
    case call(CallCandidate)
    case tool(ToolCandidate)
    case run(RunCandidate)
    case attempt(AttemptCandidate)
    case build(PromptBuildCandidate)
    case event(CallEventCandidate)
}

struct TraceRow {
    var trace: TraceID
    var row: DecisionRow
}

extension StepInput {
    init(_ rows: some Sequence<TraceRow>) {
        self.init()
        for row in rows { add(row) }
    }

    mutating func add(_ row: TraceRow) {
        switch row.row {
        case .link(let span, let parent): addLink(span, parent: parent, in: row.trace)
        case .call(let call): add(call, in: row.trace)
        case .tool(let tool): add(tool, in: row.trace)
        case .run(let run): add(run, in: row.trace)
        case .attempt(let attempt): add(attempt, in: row.trace)
        case .build(let build): add(build, in: row.trace)
        case .event(let event): add(event, in: row.trace)
        }
    }
}

extension TraceSteps {
    mutating func add(_ row: DecisionRow) {
        switch row {
        case .link(let span, let parent): addLink(span, parent: parent)
        case .call(let call): add(call)
        case .tool(let tool): add(tool)
        case .run(let run): add(run)
        case .attempt(let attempt): add(attempt)
        case .build(let build): add(build)
        case .event(let event): add(event)
        }
    }
}

/// The rows committed so far, as a store would read them back.
struct CommittedRows: StoredSteps {
    var rows: [TraceRow] = []

    func steps(of traces: [TraceID]) -> [TraceSteps] {
        traces.compactMap { id in
            var steps = TraceSteps(traceID: id)
            let own = rows.filter { $0.trace == id }
            for row in own { steps.add(row.row) }
            return own.isEmpty ? nil : steps
        }
    }

    func traces(naming keys: [ResponseKey]) -> [TraceID] {
        var found: Set<TraceID> = []
        for row in rows {
            if case .call(let call) = row.row, let key = call.responseKey, keys.contains(key) { found.insert(row.trace) }
        }
        return Array(found)
    }

    func streams(of keys: [UInt64]) -> [StreamMember] {
        rows.compactMap { row in
            guard case .call(let call) = row.row, call.streamKey != 0, keys.contains(call.streamKey) else { return nil }
            let identity = StepIdentity(traceID: row.trace, spanID: call.spanID)
            return StreamMember(key: call.streamKey, role: call.streamRole, start: call.start, identity: identity)
        }
    }
}

/// What is stored after applying changes one after the other: the newest decision about each step.
struct StoredDecisions: Equatable {
    var calls: [StepIdentity: CallDecision] = [:]
    var tools: [StepIdentity: ToolDecision] = [:]

    /// The calls and tools about which two sets differ, for messages of failing tests.
    func differences(from other: StoredDecisions) -> [String] {
        let calls = Set(calls.keys).union(other.calls.keys).filter { self.calls[$0] != other.calls[$0] }.sorted()
        let tools = Set(tools.keys).union(other.tools.keys).filter { self.tools[$0] != other.tools[$0] }.sorted()
        func text(_ decision: CallDecision?) -> String {
            decision.map { "\($0.winner.traceID.low)/\($0.winner.spanID) n=\($0.mergedRecords) \($0.surroundings)" } ?? "none"
        }
        return calls.map { "\($0.traceID.low)/\($0.spanID): \(text(self.calls[$0])) but \(text(other.calls[$0]))" }
            + tools.map { "\($0.traceID.low)/\($0.spanID): \(String(describing: self.tools[$0]))" }
    }

    mutating func store(_ changes: DecisionChanges) {
        for change in changes.calls { calls[change.identity] = change.decision }
        for change in changes.tools { tools[change.identity] = change.decision }
    }
}

func trace(_ number: UInt64) -> TraceID { TraceID(high: 7, low: number) }

func callCandidate(
    _ span: UInt64, parent: UInt64 = 0, start: Int64 = 0, model: String? = "m", provider: String? = "p", scope: UInt64 = 1,
    response: String? = nil, role: StreamRole = .none, request: UInt64 = 0, isEmbedding: Bool = false,
    _ values: (inout CallValues) -> Void = { _ in }
) -> CallCandidate {
    var own = CallValues()
    own.provider = provider
    values(&own)
    return CallCandidate(
        spanID: SpanID(span), parent: SpanID(parent), start: start, model: StepHash.text(model), provider: StepHash.text(provider),
        scope: scope, responseID: StepHash.text(response), streamRole: role, streamKey: request, isEmbedding: isEmbedding, values: own
    )
}
