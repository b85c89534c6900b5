public import TelemetryModel

/// Decides, for one project, which records are one model call, and what every call and tool execution belongs to.
///
/// The decisions are a pure function of the set of rows applied so far, whatever their order and batches: equal sets end in equal
/// decisions, and applying rows again changes nothing. Recently touched traces are remembered; the others are read back through
/// ``StoredSteps`` when a row of theirs, or another record of one of their responses, arrives.
public struct ProjectSteps: Sendable {
    private var traces: [TraceID: RememberedTrace] = [:]
    private var groups = ResponseGroups()
    private var clock: UInt64 = 0
    private var tracesByteSize = 0

    public init() {}

    /// Number of remembered traces.
    public var traceCount: Int { traces.count }

    /// Estimated memory of all that is remembered, in bytes.
    public var estimatedByteSize: Int { tracesByteSize + groups.estimatedByteSize }

    /// Adds the rows of one commit and returns every decision that is new or changed.
    ///
    /// - Throws: what `stored` throws; no row of `input` has been added then.
    public mutating func apply(_ input: StepInput, stored: some StoredSteps) throws -> DecisionChanges {
        let touched = input.traceIDs
        try recall(touched, for: input, stored)
        clock += 1

        for link in input.links { traces[link.traceID]?.steps.addLink(link.spanID, parent: link.parent) }
        for (trace, call) in input.calls { traces[trace]?.steps.add(call) }
        for (trace, tool) in input.tools { traces[trace]?.steps.add(tool) }
        for (trace, run) in input.runs { traces[trace]?.steps.add(run) }

        var changes = DecisionChanges()
        var locals: [TraceID: LocalDecisions] = [:]
        var affected: Set<ResponseKey> = []
        for id in touched {
            traces[id]?.grow()
            traces[id]?.lastUse = clock
            if traces[id]?.steps.calls.isEmpty == false { locals[id] = register(id, affected: &affected) }
            measure(id)
        }
        // A response reported in another trace too may change that trace's decisions.
        var others: Set<TraceID> = []
        for key in affected {
            for member in groups.members(of: key) where locals[member.identity.traceID] == nil {
                others.insert(member.identity.traceID)
            }
        }
        for id in touched where traces[id]?.steps.hasSteps == true {
            reportCalls(of: id, only: nil, &locals, &changes)
            reportTools(of: id, &changes)
        }
        for id in others { reportCalls(of: id, only: affected, &locals, &changes) }

        changes.traces = Array(touched) + others
        changes.calls.sort { $0.identity < $1.identity }
        changes.tools.sort { $0.identity < $1.identity }
        return changes
    }

    /// Forgets the given traces; they are read back when needed. For failed transactions and to free memory.
    public mutating func forget(_ ids: [TraceID]) {
        for id in ids {
            guard let trace = traces.removeValue(forKey: id) else { continue }
            tracesByteSize -= trace.countedBytes
            for (key, member) in trace.members { groups.remove(member, from: key) }
            for call in trace.steps.calls {
                if let key = call.responseKey { groups.release(key) }
            }
        }
    }

    /// Forgets least recently used traces until ``estimatedByteSize`` is at most `bytes`.
    public mutating func shrink(to bytes: Int) {
        guard estimatedByteSize > bytes else { return }
        // A quarter less than asked, so that the sort is not paid at every commit.
        for (id, _) in traces.map({ ($0.key, $0.value.lastUse) }).sorted(by: { $0.1 < $1.1 }) {
            if estimatedByteSize <= bytes - bytes / 4 { return }
            forget([id])
        }
    }
}

// MARK: - Reading back

extension ProjectSteps {
    /// Remembers every trace that decisions about `touched` depend on.
    private mutating func recall(_ touched: Set<TraceID>, for input: StepInput, _ stored: some StoredSteps) throws {
        let unknown = touched.filter { traces[$0] == nil }
        if !unknown.isEmpty {
            for steps in try stored.steps(of: Array(unknown)) { remember(steps) }
        }
        // Which other traces report the same responses?
        var keys: Set<ResponseKey> = []
        for (_, call) in input.calls { note(call, &keys) }
        for id in touched {
            for call in traces[id]?.steps.calls ?? [] { note(call, &keys) }
        }
        if !keys.isEmpty {
            let others = try stored.traces(naming: Array(keys)).filter { traces[$0] == nil && !touched.contains($0) }
            if !others.isEmpty {
                for steps in try stored.steps(of: others) { remember(steps) }
            }
            for key in keys { groups.markComplete(key) }
        }
        for id in unknown where traces[id] == nil {
            traces[id] = RememberedTrace(TraceSteps(traceID: id), isStored: false)
        }
        for id in touched { settle(id) }
    }

    private func note(_ call: CallCandidate, _ keys: inout Set<ResponseKey>) {
        if let key = call.responseKey, !groups.isComplete(key) { keys.insert(key) }
    }

    private mutating func remember(_ steps: TraceSteps) {
        guard traces[steps.traceID] == nil else { return }
        traces[steps.traceID] = RememberedTrace(steps, isStored: true)
        traces[steps.traceID]?.lastUse = clock
        var ignored: Set<ResponseKey> = []
        _ = register(steps.traceID, affected: &ignored)
        measure(steps.traceID)
    }

    /// Works out what was reported about the calls that were read back: what the committed rows say. Only where all of them are
    /// known; elsewhere the next decision is reported even if it is not new.
    private mutating func settle(_ id: TraceID) {
        guard let trace = traces[id], trace.steps.hasSteps else { return }
        if trace.calls.contains(where: { $0.isStored && $0.merge == 0 }) {
            var locals: [TraceID: LocalDecisions] = [id: LocalDecisions(trace.steps)]
            for index in trace.calls.indices where trace.calls[index].isStored && trace.calls[index].merge == 0 {
                guard let (decision, key) = decision(call: index, of: id, &locals) else { continue }
                if let key, !groups.isComplete(key) { continue }
                traces[id]?.calls[index].merge = decision.mergeFingerprint
                traces[id]?.calls[index].run = decision.runSpanID.value
            }
        }
        for index in trace.tools.indices where trace.tools[index].isStored && trace.tools[index].decision == nil {
            traces[id]?.tools[index].decision = ToolDecision(tool: index, in: trace.steps)
        }
    }
}

// MARK: - Deciding

extension ProjectSteps {
    /// Works out the trace's own decisions and brings the response groups up to date with them.
    private mutating func register(_ id: TraceID, affected: inout Set<ResponseKey>) -> LocalDecisions? {
        guard let trace = traces[id] else { return nil }
        let local = LocalDecisions(trace.steps)
        for (key, member) in trace.members {
            groups.remove(member, from: key)
            affected.insert(key)
        }
        var members: [(key: ResponseKey, member: ResponseMember)] = []
        for head in local.heads {
            guard let key = head.key else { continue }
            let call = trace.steps.calls[head.call]
            let member = ResponseMember(start: call.start, identity: StepIdentity(traceID: id, spanID: call.spanID))
            groups.insert(member, into: key)
            affected.insert(key)
            members.append((key, member))
        }
        traces[id]?.members = members
        return local
    }

    /// The decision about a call, and the response that decides it together with other traces.
    private func decision(
        call index: Int, of id: TraceID, _ locals: inout [TraceID: LocalDecisions]
    ) -> (decision: CallDecision, key: ResponseKey?)? {
        guard let trace = traces[id], let local = local(id, &locals) else { return nil }
        let own = StepIdentity(traceID: id, spanID: trace.steps.calls[index].spanID)
        let head = local.heads[local.headOf[index]]
        let members = head.key.map { groups.members(of: $0) } ?? []
        var decision = CallDecision(
            winner: members.first?.identity ?? StepIdentity(traceID: id, spanID: trace.steps.calls[head.call].spanID),
            mergedRecords: 0,
            patch: CallValues(),
            runSpanID: SpanID(local.runOf[index])
        )
        if decision.winner == own {
            decision.mergedRecords = head.records
            var values = head.values
            for member in members.dropFirst() {
                guard let other = self.head(member.identity, &locals) else { continue }
                decision.mergedRecords += other.records
                values.fillMissing(from: other.values)
            }
            if decision.mergedRecords > 1 {
                values.removeKnown(in: trace.steps.calls[index].values)
                decision.patch = values
            }
        }
        return (decision, head.key)
    }

    private func local(_ id: TraceID, _ locals: inout [TraceID: LocalDecisions]) -> LocalDecisions? {
        if let known = locals[id] { return known }
        guard let trace = traces[id] else { return nil }
        let local = LocalDecisions(trace.steps)
        locals[id] = local
        return local
    }

    private func head(_ identity: StepIdentity, _ locals: inout [TraceID: LocalDecisions]) -> LocalDecisions.Head? {
        guard let local = local(identity.traceID, &locals),
            let call = traces[identity.traceID]?.steps.node(identity.spanID.value)?.call
        else { return nil }
        return local.heads[local.headOf[call]]
    }

    /// Reports the calls of a trace whose decision differs from the one reported before; with `only`, just those of these responses.
    private mutating func reportCalls(
        of id: TraceID, only: Set<ResponseKey>?, _ locals: inout [TraceID: LocalDecisions], _ changes: inout DecisionChanges
    ) {
        guard let trace = traces[id] else { return }
        for index in trace.calls.indices {
            guard let (decision, key) = decision(call: index, of: id, &locals) else { continue }
            if let only, key.map(only.contains) != true { continue }
            let reported = trace.calls[index]
            let merge = decision.mergeFingerprint
            if reported.isStored, reported.merge == merge, reported.run == decision.runSpanID.value { continue }
            let identity = StepIdentity(traceID: id, spanID: trace.steps.calls[index].spanID)
            changes.calls.append(DecisionChange(identity: identity, decision: decision, isNew: !reported.isStored))
            traces[id]?.calls[index] = .init(merge: merge, run: decision.runSpanID.value, isStored: true)
        }
    }

    private mutating func reportTools(of id: TraceID, _ changes: inout DecisionChanges) {
        guard let trace = traces[id] else { return }
        for index in trace.tools.indices {
            let decision = ToolDecision(tool: index, in: trace.steps)
            let reported = trace.tools[index]
            if reported.isStored, reported.decision == decision { continue }
            let identity = StepIdentity(traceID: id, spanID: trace.steps.tools[index].spanID)
            changes.tools.append(DecisionChange(identity: identity, decision: decision, isNew: !reported.isStored))
            traces[id]?.tools[index] = .init(decision: decision, isStored: true)
        }
    }

    private mutating func measure(_ id: TraceID) {
        guard let bytes = traces[id]?.estimatedByteSize else { return }
        tracesByteSize += bytes - (traces[id]?.countedBytes ?? 0)
        traces[id]?.countedBytes = bytes
    }
}
