import TelemetryModel

// Reading back what decisions depend on and is not remembered.

extension ProjectSteps {
    /// Traces of one response that are read back at most. Far more records share an id only where ids are made up, such as by a test
    /// server with a constant answer; reading all of them at every commit would stop the writer.
    static let maximumTracesOfResponse = 1000

    /// Remembers the touched traces, and all others that their calls may share a response or a stream with.
    mutating func recall(_ touched: [TraceID], for input: StepInput, _ stored: some StoredSteps) throws {
        let unknown = touched.filter { traces[$0] == nil }
        if !unknown.isEmpty {
            for steps in try stored.steps(of: unknown) { remember(steps) }
        }
        var keys: Set<ResponseKey> = []
        var streamKeys: Set<UInt64> = []
        func note(_ call: CallCandidate) {
            if let key = call.responseKey, !responses.isComplete(key) { keys.insert(key) }
            if call.streamKey != 0, !streams.isComplete(call.streamKey) { streamKeys.insert(call.streamKey) }
        }
        for (_, call) in input.calls { note(call) }
        for id in touched where traces[id]?.isComplete == false {
            for call in traces[id]?.steps.calls ?? [] { note(call) }
        }
        if !keys.isEmpty { try complete(Array(keys), except: touched, stored) }
        if !streamKeys.isEmpty { try complete(Array(streamKeys), stored) }
        for id in unknown where traces[id] == nil {
            traces[id] = RememberedTrace(TraceSteps(traceID: id), isStored: false)
        }
        for id in touched { traces[id]?.isComplete = true }
    }

    /// Remembers all traces with a record of the given responses.
    mutating func complete(_ keys: [ResponseKey], except known: [TraceID], _ stored: some StoredSteps) throws {
        let known = Set(known)
        let others = try stored.traces(naming: keys).filter { traces[$0] == nil && !known.contains($0) }
        if !others.isEmpty, others.count <= Self.maximumTracesOfResponse * keys.count {
            for steps in try stored.steps(of: others) { remember(steps) }
        }
        for key in keys { responses.markComplete(key) }
    }

    /// Knows all halves of the given streams.
    mutating func complete(_ keys: [UInt64], _ stored: some StoredSteps) throws {
        _ = streams.insert(try stored.streams(of: keys))
        for key in keys { streams.markComplete(key) }
    }

    /// Remembers a trace that a shared call leads to.
    mutating func recall(_ id: TraceID, _ stored: some StoredSteps) throws {
        if traces[id] != nil { return }
        for steps in try stored.steps(of: [id]) { remember(steps) }
    }

    private mutating func remember(_ steps: TraceSteps) {
        guard traces[steps.traceID] == nil else { return }
        traces[steps.traceID] = RememberedTrace(steps, isStored: true)
        registerResponses(steps.traceID, LocalDecisions(steps))
        measure(steps.traceID)
    }

    /// Works out what was reported about steps that were read back: what the committed rows say.
    mutating func settle(_ touched: [TraceID], _ work: inout DecisionWork<some StoredSteps>) throws {
        for id in touched {
            guard let trace = traces[id], trace.steps.hasSteps else { continue }
            for index in trace.calls.indices where trace.calls[index].merge == 0 && trace.calls[index].isStored {
                guard let decision = try decision(call: index, of: id, &work) else { continue }
                traces[id]?.calls[index].merge = decision.mergeFingerprint(
                    of: StepIdentity(traceID: id, spanID: trace.steps.calls[index].spanID))
                traces[id]?.calls[index].run = decision.runSpanID.value
            }
            for index in trace.tools.indices where trace.tools[index].isStored && trace.tools[index].decision == nil {
                traces[id]?.tools[index].decision = ToolDecision(tool: index, in: trace.steps)
            }
        }
    }
}
