import TelemetryModel

extension ProjectSteps {
    // MARK: Groups

    /// Works out the trace's own decisions and brings the groups across traces up to date with them.
    ///
    /// - Returns: halves of streams whose other half changed.
    mutating func register(_ id: TraceID, _ work: inout DecisionWork<some StoredSteps>) -> Set<StepIdentity> {
        traces[id]?.grow()
        guard let trace = traces[id], !trace.steps.calls.isEmpty else { return [] }
        let local = LocalDecisions(trace.steps)
        work.locals[id] = local
        registerResponses(id, local)
        let halves = trace.steps.calls.lazy.filter { $0.streamKey != 0 }.map {
            StreamMember(key: $0.streamKey, role: $0.streamRole, start: $0.start, identity: StepIdentity(traceID: id, spanID: $0.spanID))
        }
        return streams.insert(halves)
    }

    /// Makes the trace's heads the members of their responses' groups, in place of those of before.
    mutating func registerResponses(_ id: TraceID, _ local: LocalDecisions) {
        guard let trace = traces[id] else { return }
        var members: [(key: ResponseKey, member: ResponseMember)] = []
        members.reserveCapacity(local.heads.count)
        for head in local.heads {
            guard let key = head.key else { continue }
            let call = trace.steps.calls[head.call]
            members.append((key, ResponseMember(start: call.start, identity: StepIdentity(traceID: id, spanID: call.spanID))))
        }
        // Calls are mostly added, so the members of before stay in front.
        let unchanged = zip(members, trace.members).prefix { $0 == $1 }.count
        for (key, member) in trace.members[unchanged...] { responses.remove(member, from: key) }
        for (key, member) in members[unchanged...] { responses.insert(member, into: key) }
        traces[id]?.members = members
    }

    /// The records of `ids` that stand for a call in their traces and may share it with others.
    func sharing(_ ids: [TraceID], _ work: inout DecisionWork<some StoredSteps>) -> [StepIdentity] {
        var found: [StepIdentity] = []
        for id in ids {
            guard let local = local(id, &work), let calls = traces[id]?.steps.calls else { continue }
            for head in local.heads where calls[head.call].streamKey != 0 || head.key.map(responses.isShared) == true {
                found.append(StepIdentity(traceID: id, spanID: calls[head.call].spanID))
            }
        }
        return found
    }

    private func local(_ id: TraceID, _ work: inout DecisionWork<some StoredSteps>) -> LocalDecisions? {
        if let known = work.locals[id] { return known }
        guard let trace = traces[id], !trace.steps.calls.isEmpty else { return nil }
        let local = LocalDecisions(trace.steps)
        work.locals[id] = local
        return local
    }

    // MARK: Shared calls

    /// Notes the winner of every record in an untouched trace that shares a call with `identity`.
    mutating func noteShared(
        _ identity: StepIdentity, _ work: inout DecisionWork<some StoredSteps>, _ winners: inout [StepIdentity: StepIdentity]
    ) throws {
        guard let shared = try shared(identity, &work), work.noted.insert(shared.winner).inserted else { return }
        for member in shared.members where !work.touched.contains(member.traceID) {
            winners[member] = shared.winner
        }
    }

    /// The shared call of a head; nil when it is no head, or shares its call with no other.
    mutating func shared(_ identity: StepIdentity, _ work: inout DecisionWork<some StoredSteps>) throws -> SharedCall? {
        if let known = work.shared[identity] { return known }
        var found: [Peer] = []
        var seen: Set<StepIdentity> = [identity]
        var waiting = [identity]
        while let next = waiting.popLast() {
            guard var peer = try peer(next, &work) else { continue }
            if let partner = peer.partner, try self.peer(partner, &work) == nil { peer.partner = nil }
            for other in peer.others + [peer.partner].compactMap({ $0 }) where seen.insert(other).inserted { waiting.append(other) }
            found.append(peer)
        }
        guard found.count > 1 else { return nil }
        found.sort { a, b in
            a.isMatchedOpener == b.isMatchedOpener ? (a.start, a.identity) < (b.start, b.identity) : b.isMatchedOpener
        }
        var shared = SharedCall(members: found.map(\.identity), records: 0, values: found[0].values)
        for peer in found {
            shared.records += peer.records
            shared.values.fillMissing(from: peer.values)
            shared.surroundings.fillMissing(from: peer.surroundings)
        }
        for peer in found { work.shared[peer.identity] = shared }
        return shared
    }

    /// A head on its way into a ``SharedCall``.
    private struct Peer {
        var identity: StepIdentity
        var start: Int64
        var records: Int32
        var values: CallValues
        var surroundings: CallSurroundings
        var role: StreamRole
        /// Heads that report the same response.
        var others: [StepIdentity] = []
        /// The other half of its stream.
        var partner: StepIdentity?

        var isMatchedOpener: Bool { role == .opener && partner != nil }
    }

    /// The head `identity`, read back if need be, with what it shares its call with; nil when it is no head.
    private mutating func peer(_ identity: StepIdentity, _ work: inout DecisionWork<some StoredSteps>) throws -> Peer? {
        try recall(identity.traceID, work.stored)
        guard let local = local(identity.traceID, &work), let steps = traces[identity.traceID]?.steps,
            let index = steps.node(identity.spanID.value)?.call
        else { return nil }
        let head = local.heads[local.headOf[index]]
        guard head.call == index else { return nil }
        let call = steps.calls[index]
        var peer = Peer(
            identity: identity, start: call.start, records: head.records, values: head.values, surroundings: head.surroundings,
            role: call.streamRole)
        if let key = head.key {
            if !responses.isComplete(key) { try complete([key], except: [], work.stored) }
            let members = responses.members(of: key)
            if members.count > 1 { peer.others = members.map(\.identity) }
        }
        if call.streamKey != 0 {
            if !streams.isComplete(call.streamKey) { try complete([call.streamKey], work.stored) }
            peer.partner = streams.partner(of: identity, in: call.streamKey)
        }
        return peer
    }

    // MARK: Decisions

    /// The decision about a call.
    mutating func decision(call index: Int, of id: TraceID, _ work: inout DecisionWork<some StoredSteps>) throws -> CallDecision? {
        guard let local = local(id, &work), let trace = traces[id] else { return nil }
        let steps = trace.steps
        let own = StepIdentity(traceID: id, spanID: steps.calls[index].spanID)
        let head = local.heads[local.headOf[index]]
        let headIdentity = StepIdentity(traceID: id, spanID: steps.calls[head.call].spanID)
        let mayShare =
            steps.calls[head.call].streamKey != 0
            || head.key.map { responses.isShared($0) || !trace.isComplete && !responses.isComplete($0) } == true
        let shared = mayShare ? try shared(headIdentity, &work) : nil
        var decision = CallDecision(
            winner: shared?.winner ?? headIdentity, mergedRecords: 0, patch: CallValues(), runSpanID: SpanID(local.runOf[index])
        )
        guard decision.winner == own else { return decision }
        decision.mergedRecords = shared?.records ?? head.records
        decision.surroundings = shared?.surroundings ?? head.surroundings
        if decision.mergedRecords > 1 || !steps.events.isEmpty {
            decision.patch = shared?.values ?? head.values
            decision.patch.removeKnown(in: steps.calls[index].values)
        }
        return decision
    }

    /// Reports the calls of a trace whose decision differs from the one reported before; with `only`, just those under these heads.
    mutating func reportCalls(
        of id: TraceID, only: Set<StepIdentity>?, _ work: inout DecisionWork<some StoredSteps>, _ changes: inout DecisionChanges
    ) throws {
        try recall(id, work.stored)
        guard let trace = traces[id], let local = local(id, &work) else { return }
        for index in trace.calls.indices {
            if let only {
                let head = trace.steps.calls[local.heads[local.headOf[index]].call]
                if !only.contains(StepIdentity(traceID: id, spanID: head.spanID)) { continue }
            }
            guard let decision = try decision(call: index, of: id, &work) else { continue }
            let reported = trace.calls[index]
            let identity = StepIdentity(traceID: id, spanID: trace.steps.calls[index].spanID)
            let merge = decision.mergeFingerprint(of: identity)
            if reported.isStored, reported.merge == merge, reported.run == decision.runSpanID.value { continue }
            changes.calls.append(DecisionChange(identity: identity, decision: decision, isNew: !reported.isStored))
            traces[id]?.calls[index] = .init(merge: merge, run: decision.runSpanID.value, isStored: true)
        }
    }

    /// Reports the tool calls of a trace whose decision differs from the one reported before.
    mutating func reportTools(of id: TraceID, _ changes: inout DecisionChanges) {
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
}
