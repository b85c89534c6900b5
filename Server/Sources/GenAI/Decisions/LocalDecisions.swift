import TelemetryModel

/// What a trace's own records say, before other traces are looked at.
struct LocalDecisions {
    /// A record that stands for a call inside its trace, with what it stands for.
    struct Head {
        /// Index of the call.
        var call: Int
        /// Records it stands for, itself included.
        var records: Int32 = 1
        /// Its own values, completed by those of its duplicates.
        var values: CallValues
        /// The response it reports: its own id, else that of its first duplicate that has one.
        var key: ResponseKey?
        /// What the spans around it and its duplicates tell.
        var surroundings = CallSurroundings()
    }

    /// For each call the index of its head in ``heads``.
    private(set) var headOf: [Int] = []
    private(set) var heads: [Head] = []
    /// For each call the nearest enclosing agent run, 0 without one.
    private(set) var runOf: [UInt64] = []

    /// How far up a chain of parents is followed; longer chains are taken for broken.
    static let maximumDepth = 256

    init(_ trace: TraceSteps) {
        let calls = trace.calls
        if calls.isEmpty { return }
        // What each call directly gives way to: the nearest enclosing call of the same model (followed further, that ends at the
        // outermost), else the completion of its stream, else nothing.
        var next = StreamPairs.completions(of: calls)
        if next.isEmpty { next = [Int](repeating: -1, count: calls.count) }
        runOf = [UInt64](repeating: 0, count: calls.count)
        for index in calls.indices {
            let (outer, run) = Self.enclosing(index, in: trace)
            if outer >= 0 { next[index] = outer }
            runOf[index] = run
        }
        let winners = Self.resolve(next, calls)
        collectHeads(winners, Self.completed(trace))
        for (head, surroundings) in Self.surroundings(trace, headOf: headOf, count: heads.count).enumerated() {
            heads[head].surroundings = surroundings
        }
    }

    /// The nearest enclosing call of the same model (or -1) and the nearest enclosing agent run (or 0) of call `index`.
    private static func enclosing(_ index: Int, in trace: TraceSteps) -> (outer: Int, run: UInt64) {
        let own = trace.calls[index]
        var outer = -1
        var run: UInt64 = 0
        var span = trace.node(own.spanID.value)?.parent ?? 0
        for _ in 0..<maximumDepth {
            guard span != 0, span != own.spanID.value, let node = trace.node(span) else { break }
            if run == 0, node.isRun { run = span }
            if outer < 0, let call = node.call, trace.calls[call].model == own.model { outer = call }
            if outer >= 0, run != 0 { break }
            span = node.parent
        }
        return (outer, run)
    }

    /// Follows `next` to its end for every call. Where broken parents make a ring, the earliest record of the ring is its end.
    private static func resolve(_ next: [Int], _ calls: [CallCandidate]) -> [Int] {
        var end = [Int](repeating: -1, count: next.count)
        var position = [Int](repeating: -1, count: next.count)
        var path: [Int] = []
        for start in next.indices where end[start] < 0 {
            path.removeAll(keepingCapacity: true)
            var current = start
            while end[current] < 0, position[current] < 0, next[current] >= 0 {
                position[current] = path.count
                path.append(current)
                current = next[current]
            }
            let winner: Int
            if end[current] >= 0 {
                winner = end[current]
            } else if position[current] >= 0 {
                winner = path[position[current]...].min { earlier(calls[$0], calls[$1]) } ?? current
            } else {
                winner = current
                end[current] = current
            }
            for index in path {
                end[index] = winner
                position[index] = -1
            }
        }
        return end
    }

    private static func earlier(_ a: CallCandidate, _ b: CallCandidate) -> Bool {
        (a.start, a.spanID.value) < (b.start, b.spanID.value)
    }

    /// The calls with the values that events about them add to their own.
    private static func completed(_ trace: TraceSteps) -> [CallCandidate] {
        var calls = trace.calls
        if trace.events.isEmpty { return calls }
        for event in trace.events.sorted(by: { $0.spanID < $1.spanID }) {
            if let index = trace.node(event.call.value)?.call { calls[index].values.fillMissing(from: event.values) }
        }
        return calls
    }

    private mutating func collectHeads(_ winners: [Int], _ calls: [CallCandidate]) {
        headOf = [Int](repeating: -1, count: calls.count)
        heads.reserveCapacity(calls.count)
        for index in calls.indices where winners[index] == index {
            headOf[index] = heads.count
            heads.append(Head(call: index, values: calls[index].values, key: calls[index].responseKey))
        }
        if heads.count == calls.count { return }
        // Duplicates give their values in a fixed order, so that it does not matter which came first.
        let duplicates = calls.indices.filter { winners[$0] != $0 }.sorted { Self.earlier(calls[$0], calls[$1]) }
        for index in duplicates {
            let head = headOf[winners[index]]
            headOf[index] = head
            heads[head].records += 1
            heads[head].values.fillMissing(from: calls[index].values)
            if heads[head].key == nil { heads[head].key = calls[index].responseKey }
        }
    }
}

extension ToolDecision {
    /// The decision about tool `index` of `trace`: walks up to the nearest agent run; a tool of the same name on the way is the same
    /// execution seen from further out. What lies beyond the run is another agent's doing.
    init(tool index: Int, in trace: TraceSteps) {
        let own = trace.tools[index]
        self.init(runSpanID: .none, isNestedTwin: false)
        var span = trace.node(own.spanID.value)?.parent ?? 0
        for _ in 0..<LocalDecisions.maximumDepth {
            guard span != 0, span != own.spanID.value, let node = trace.node(span) else { return }
            if let outer = node.tool, trace.tools[outer].name == own.name, own.name != 0 { isNestedTwin = true }
            if node.isRun {
                runSpanID = SpanID(span)
                return
            }
            span = node.parent
        }
    }
}
