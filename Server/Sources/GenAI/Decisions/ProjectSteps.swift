public import TelemetryModel

/// Decides, for one project, which records are one model call, and what every call and tool execution belongs to.
///
/// The decisions are a pure function of the set of rows applied so far, whatever their order and batches: equal sets end in equal
/// decisions, and applying rows again changes nothing. Recently touched traces are remembered; the others are read back through
/// ``StoredSteps`` when a row of theirs, or another record of one of their calls, arrives.
public struct ProjectSteps: Sendable {
    var traces: [TraceID: RememberedTrace] = [:]
    var responses = ResponseGroups()
    var streams = StreamGroups()
    private var clock: UInt64 = 0
    private var tracesByteSize = 0

    public init() {}

    /// Number of remembered traces.
    public var traceCount: Int { traces.count }

    /// Estimated memory of all that is remembered, in bytes.
    public var estimatedByteSize: Int { tracesByteSize + responses.estimatedByteSize + streams.estimatedByteSize }

    /// Adds the rows of one commit and returns every decision that is new or changed.
    ///
    /// - Throws: what `stored` throws; no row of `input` has been added then.
    public mutating func apply(_ input: StepInput, stored: some StoredSteps) throws -> DecisionChanges {
        var changes = DecisionChanges()
        changes.traces = Array(input.traceIDs)
        clock += 1
        do {
            var work = DecisionWork(stored: stored, touched: Set(changes.traces))
            try decide(input, &work, &changes)
        } catch {
            forget(changes.traces)
            throw error
        }
        changes.calls.sort { $0.identity < $1.identity }
        changes.tools.sort { $0.identity < $1.identity }
        return changes
    }

    private mutating func decide(
        _ input: StepInput, _ work: inout DecisionWork<some StoredSteps>, _ changes: inout DecisionChanges
    ) throws {
        let touched = changes.traces
        try recall(touched, for: input, work.stored)
        try settle(touched, &work)

        // Winners of other traces' records that share a call with these traces, before and after.
        var before: [StepIdentity: StepIdentity] = [:]
        for head in sharing(touched, &work) { try noteShared(head, &work, &before) }
        add(input)
        work.reset()
        var changedHalves: Set<StepIdentity> = []
        for id in touched { changedHalves.formUnion(register(id, &work)) }
        var after: [StepIdentity: StepIdentity] = [:]
        for head in sharing(touched, &work) { try noteShared(head, &work, &after) }

        for id in touched {
            if traces[id]?.steps.hasSteps == true {
                try reportCalls(of: id, only: nil, &work, &changes)
                reportTools(of: id, &changes)
            }
            measure(id)
        }
        // Another trace's record changes its decision when it has another winner, or when it is a winner and stands for more or less.
        var others: [TraceID: Set<StepIdentity>] = [:]
        for (head, winner) in after where before[head] != winner || head == winner { others[head.traceID, default: []].insert(head) }
        for (head, winner) in before where after[head] == nil || head == winner { others[head.traceID, default: []].insert(head) }
        // What a stream's halves shared before falls apart into what they share now, so looking there is enough.
        for half in changedHalves {
            for head in try shared(half, &work)?.members ?? [half] where !work.touched.contains(head.traceID) {
                others[head.traceID, default: []].insert(head)
            }
        }
        for (id, heads) in others {
            changes.traces.append(id)
            try reportCalls(of: id, only: heads, &work, &changes)
        }
    }

    private mutating func add(_ input: StepInput) {
        var rest = input.links[...]
        while let first = rest.first {
            // One look-up for the spans of a trace that stand together.
            let run = rest.prefix { $0.traceID == first.traceID }
            rest = rest[run.endIndex...]
            traces[first.traceID]?.steps.addLinks(run)
        }
        for (id, call) in input.calls { traces[id]?.steps.add(call) }
        for (id, tool) in input.tools { traces[id]?.steps.add(tool) }
        for (id, run) in input.runs { traces[id]?.steps.add(run) }
        for (id, attempt) in input.attempts { traces[id]?.steps.add(attempt) }
        for (id, event) in input.events { traces[id]?.steps.add(event) }
        for (id, build) in input.builds { traces[id]?.steps.add(build) }
    }

    /// Forgets the given traces; they are read back when needed. For failed transactions and to free memory.
    public mutating func forget(_ ids: [TraceID]) {
        for id in ids {
            guard let trace = traces.removeValue(forKey: id) else { continue }
            tracesByteSize -= trace.countedBytes
            for (key, member) in trace.members { responses.remove(member, from: key) }
            for call in trace.steps.calls {
                if let key = call.responseKey {
                    responses.release(key)
                    for member in responses.members(of: key) { traces[member.identity.traceID]?.isComplete = false }
                }
                if call.streamKey != 0 {
                    for member in streams.release(call.streamKey) { traces[member.identity.traceID]?.isComplete = false }
                }
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

    /// Brings the estimate up to date and marks the trace as used.
    mutating func measure(_ id: TraceID) {
        guard let trace = traces[id] else { return }
        let bytes = trace.estimatedByteSize
        tracesByteSize += bytes - trace.countedBytes
        traces[id]?.countedBytes = bytes
        traces[id]?.lastUse = clock
    }
}
