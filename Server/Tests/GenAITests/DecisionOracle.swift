import GenAI
import TelemetryModel

/// The rules written down once more, as plainly as they can be, over all rows at once. For parents without rings.
struct DecisionOracle {
    var rows: [TraceRow]

    func decide() -> StoredDecisions {
        var parents: [StepIdentity: SpanID] = [:]
        var calls: [StepIdentity: CallCandidate] = [:]
        var tools: [StepIdentity: ToolCandidate] = [:]
        var runs: Set<StepIdentity> = []
        var attempts: [StepIdentity: AttemptCandidate] = [:]
        var builds: [StepIdentity: PromptBuildCandidate] = [:]
        for row in rows {
            func id(_ span: SpanID) -> StepIdentity { StepIdentity(traceID: row.trace, spanID: span) }
            switch row.row {
            case .link(let span, let parent): parents[id(span)] = parent
            case .call(let call): (calls[id(call.spanID)], parents[id(call.spanID)]) = (call, call.parent)
            case .tool(let tool): (tools[id(tool.spanID)], parents[id(tool.spanID)]) = (tool, tool.parent)
            case .event: break
            case .attempt(let attempt): (attempts[id(attempt.spanID)], parents[id(attempt.spanID)]) = (attempt, attempt.parent)
            case .build(let build): (builds[id(build.spanID)], parents[id(build.spanID)]) = (build, build.parent)
            case .run(let run):
                runs.insert(id(run.spanID))
                parents[id(run.spanID)] = run.parent
            }
        }
        /// The values of records with what events about them add.
        var completed = calls.mapValues(\.values)
        let events = rows.compactMap { row -> (StepIdentity, CallEventCandidate)? in
            guard case .event(let event) = row.row else { return nil }
            return (StepIdentity(traceID: row.trace, spanID: event.call), event)
        }
        for (id, event) in events.sorted(by: { $0.1.spanID < $1.1.spanID }) { completed[id]?.fillMissing(from: event.values) }

        func ancestors(_ id: StepIdentity) -> [StepIdentity] {
            var found: [StepIdentity] = []
            var current = id
            while let parent = parents[current], parent.isValid {
                current.spanID = parent
                found.append(current)
            }
            return found
        }

        // (a), (b): the outermost enclosing call of the same model, then the completion of its stream.
        var completion: [StepIdentity: StepIdentity] = [:]
        for (id, call) in calls where call.streamRole == .opener && call.parent.isValid {
            func peers(_ role: StreamRole) -> [(key: StepIdentity, value: CallCandidate)] {
                calls.filter {
                    $0.key.traceID == id.traceID && $0.value.streamRole == role && $0.value.parent == call.parent
                        && $0.value.scope == call.scope && $0.value.model == call.model
                }.sorted { ($0.value.start, $0.key) < ($1.value.start, $1.key) }
            }
            let place = peers(.opener).firstIndex { $0.key == id } ?? 0
            let completions = peers(.completion)
            if place < completions.count { completion[id] = completions[place].key }
        }
        var local: [StepIdentity: StepIdentity] = [:]
        for (id, call) in calls {
            let outermost = ancestors(id).last { calls[$0]?.model == call.model } ?? id
            local[id] = completion[outermost] ?? outermost
        }
        // A completion may itself be inside another call; with rings left out this settles in one more step.
        for (id, winner) in local { local[id] = local[winner] ?? winner }

        // Streams without a parent: of equal requests, each completion takes the latest free opener before it. Twins of failed calls by
        // the provider's package likewise.
        func order(_ id: StepIdentity) -> (Int64, StepIdentity) { (calls[id]?.start ?? 0, id) }
        var halves: [StepIdentity: StepIdentity] = [:]
        func opens(_ role: StreamRole) -> Bool { role == .opener || role == .none }
        let completions = calls.filter { !opens($0.value.streamRole) && $0.value.streamKey != 0 }.keys
        for completion in completions.sorted(by: { order($0) < order($1) }) {
            let opener = calls.filter {
                opens($0.value.streamRole) && $0.value.streamKey == calls[completion]?.streamKey && halves[$0.key] == nil
                    && $0.value.start <= (calls[completion]?.start ?? 0)
            }.keys.max { order($0) < order($1) }
            if let opener { (halves[opener], halves[completion]) = (completion, opener) }
        }

        // (c): equal responses. A winner without an id reports that of its first duplicate with one.
        let members = Dictionary(grouping: local.keys, by: { local[$0] ?? $0 }).mapValues { $0.sorted { order($0) < order($1) } }
        var groups: [StepIdentity: Set<StepIdentity>] = [:]
        var keys: [StepIdentity: ResponseKey] = [:]
        for (winner, duplicates) in members {
            keys[winner] = ([winner] + duplicates).lazy.compactMap { calls[$0]?.responseKey }.first
            groups[winner] = [winner]
        }
        // Whatever is joined by either is one call: join until nothing changes.
        var isSettled = false
        while !isSettled {
            isSettled = true
            for a in members.keys {
                for b in members.keys where groups[a] != groups[b] && (halves[a] == b || keys[a] != nil && keys[a] == keys[b]) {
                    let joined = (groups[a] ?? []).union(groups[b] ?? [])
                    for member in joined { groups[member] = joined }
                    isSettled = false
                }
            }
        }
        /// What is around a record and those merged into it in their trace.
        func surroundings(around records: Set<StepIdentity>) -> CallSurroundings {
            var found = CallSurroundings()
            let own = attempts.filter { id, _ in
                let nearest = ancestors(id).first {
                    calls[$0] != nil || tools[$0] != nil || runs.contains($0) || attempts[$0] != nil || builds[$0] != nil
                }
                guard let nearest, calls[id] == nil else { return false }
                return records.contains(nearest)
            }.sorted { ($0.value.start, $0.key) < ($1.value.start, $1.key) }.map(\.value)
            if !own.isEmpty {
                let retried = own.enumerated().filter { place, attempt in
                    attempt.failure != nil && own[(place + 1)...].contains { $0.method == attempt.method }
                }
                found.retryCount = Int32(retried.count)
                found.retryCause = retried.last?.element.failure
            }
            let before = builds.filter { id, build in
                build.parent.isValid
                    && calls.filter {
                        $0.key.traceID == id.traceID && $0.value.parent == build.parent && $0.value.start >= build.end
                            && !$0.value.isEmbedding
                    }.min { ($0.value.start, $0.key) < ($1.value.start, $1.key) }.map { records.contains($0.key) } == true
            }
            if let build = before.max(by: { ($0.value.end, $0.key) < ($1.value.end, $1.key) })?.value {
                found.promptBuildTime = Double(build.end - build.start) / 1e9
            }
            return found
        }
        var result = StoredDecisions()
        for (id, head) in local {
            func isOpener(_ id: StepIdentity) -> Int { calls[id]?.streamRole == .opener && halves[id] != nil ? 1 : 0 }
            let group = (groups[head] ?? [head]).sorted {
                (isOpener($0), order($0).0, order($0).1) < (isOpener($1), order($1).0, order($1).1)
            }
            var decision = CallDecision(winner: group.first ?? head, mergedRecords: 0, patch: CallValues(), runSpanID: .none)
            decision.runSpanID = ancestors(id).first { runs.contains($0) }?.spanID ?? .none
            if decision.winner == id {
                for head in group {
                    let around = surroundings(around: Set(members[head] ?? []))
                    if decision.surroundings.retryCount == nil {
                        decision.surroundings.retryCount = around.retryCount
                        decision.surroundings.retryCause = around.retryCause
                    }
                    if decision.surroundings.promptBuildTime == nil { decision.surroundings.promptBuildTime = around.promptBuildTime }
                }
            }
            if decision.winner == id, let own = calls[id]?.values {
                var values = completed[id] ?? own
                for head in group {
                    for record in [head] + (members[head] ?? []).filter({ $0 != head }) {
                        decision.mergedRecords += 1
                        if let other = completed[record] { values.fillMissing(from: other) }
                    }
                }
                values.removeKnown(in: own)
                decision.patch = values
            }
            result.calls[id] = decision
        }
        for (id, tool) in tools {
            let all = ancestors(id)
            let run = all.firstIndex { runs.contains($0) }
            let inside = all[..<(run.map { $0 + 1 } ?? all.count)]
            let isTwin = inside.contains { outer in tools[outer].map { $0.name != 0 && $0.name == tool.name } ?? false }
            result.tools[id] = ToolDecision(runSpanID: run.map { all[$0].spanID } ?? .none, isNestedTwin: isTwin)
        }
        return result
    }
}
