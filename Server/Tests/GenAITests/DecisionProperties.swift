import GenAI
import TelemetryModel
import Testing

/// Whatever the order and the batches in which rows arrive, the same rows end in the same decisions.
@Suite struct DecisionProperties {
    /// Rows of a few random traces that share responses.
    static func randomRows(_ random: inout Seeded, ringsAllowed: Bool = false) -> [TraceRow] {
        var rows: [TraceRow] = []
        for number in 0..<UInt64.random(in: 1...4, using: &random) {
            let spans = UInt64.random(in: 1...24, using: &random)
            for span in 1...spans {
                // Mostly a tree; the parent may also be a span that no row describes.
                let upper = ringsAllowed ? spans : span - 1
                var parent: UInt64 = Bool.random(using: &random) && upper > 0 ? UInt64.random(in: 0...upper, using: &random) : 0
                if Int.random(in: 0..<12, using: &random) == 0 { parent = 100 }
                rows += Self.rows(span, parent, &random).map { TraceRow(trace: trace(number), row: $0) }
            }
        }
        return rows
    }

    private static func rows(_ span: UInt64, _ parent: UInt64, _ random: inout Seeded) -> [DecisionRow] {
        let (id, parentID) = (SpanID(span), SpanID(parent))
        let link = DecisionRow.link(id, parent: parentID)
        switch Int.random(in: 0..<15, using: &random) {
        case 0, 1: return [link]
        case 2: return [link, .run(RunCandidate(spanID: id, parent: parentID))]
        case 3: return [link, .tool(ToolCandidate(spanID: id, parent: parentID, name: UInt64.random(in: 0...2, using: &random)))]
        case 10, 11:
            let failure = [nil, "429", "503"][Int.random(in: 0..<3, using: &random)]
            let (start, method) = (Int64.random(in: 0...5, using: &random), UInt64.random(in: 1...2, using: &random))
            return [link, .attempt(AttemptCandidate(spanID: id, parent: parentID, start: start, method: method, failure: failure))]
        case 14:
            var values = CallValues()
            if Bool.random(using: &random) { values.outputTokens = Int64.random(in: 0...9, using: &random) }
            if Bool.random(using: &random) { values.finishReasonsJSON = "[\"event\(span)\"]" }
            // A log is no link.
            return [.event(CallEventCandidate(spanID: id, call: SpanID(UInt64.random(in: 1...24, using: &random)), values: values))]
        case 12, 13:
            let start = Int64.random(in: 0...4, using: &random)
            return [link, .build(PromptBuildCandidate(spanID: id, parent: parentID, start: start, end: start + 1))]
        default:
            let role = [StreamRole.none, .none, .opener, .completion, .vendor][Int.random(in: 0..<5, using: &random)]
            let request: UInt64 =
                switch role {
                case .none, .vendor: Bool.random(using: &random) ? 0 : UInt64.random(in: 3...4, using: &random)
                case .opener, .completion: parent != 0 ? 0 : UInt64.random(in: 1...2, using: &random)
                }
            let call = callCandidate(
                span, parent: parent, start: Int64.random(in: 0...5, using: &random),
                model: [nil, "a", "b"][Int.random(in: 0..<3, using: &random)],
                provider: ["p", "p", "q"][Int.random(in: 0..<3, using: &random)],
                scope: UInt64.random(in: 1...2, using: &random),
                response: Bool.random(using: &random) ? "r\(Int.random(in: 0..<6, using: &random))" : nil, role: role,
                request: request,
                isEmbedding: Int.random(in: 0..<4, using: &random) == 0
            ) {
                if Bool.random(using: &random) { $0.inputTokens = Int64.random(in: 0...9, using: &random) }
                if Bool.random(using: &random) { $0.outputTokens = Int64.random(in: 0...9, using: &random) }
                if Bool.random(using: &random) { $0.cost = Double.random(in: 0...1, using: &random) }
                if Bool.random(using: &random) { $0.finishReasonsJSON = "[\"\(Int.random(in: 0...9, using: &random))\"]" }
                if Bool.random(using: &random) { $0.hasToolCalls = Bool.random(using: &random) }
            }
            // A log is no link; spans are announced by a pending row as well.
            return role == .completion ? [.call(call)] : [link, link, .call(call)]
        }
    }

    /// Cuts `rows` into commits at random borders.
    static func commits(_ rows: [TraceRow], _ random: inout Seeded) -> [[TraceRow]] {
        var commits: [[TraceRow]] = [[]]
        for row in rows {
            if Int.random(in: 0..<5, using: &random) == 0 { commits.append([]) }
            commits[commits.count - 1].append(row)
        }
        return commits
    }

    @Test(arguments: 0..<16 as Range<UInt64>)
    func everyOrderEndsInTheDecisionsOfTheRules(_ seed: UInt64) throws {
        var random = Seeded(seed)
        let rows = Self.randomRows(&random)
        let expected = DecisionOracle(rows: rows).decide()
        for _ in 0..<200 {
            var steps = ProjectSteps()
            var stored = StoredDecisions()
            for commit in Self.commits(rows.shuffled(using: &random), &random) {
                stored.store(try steps.apply(StepInput(commit), stored: NoStoredSteps()))
            }
            #expect(stored.differences(from: expected) == [])
            // Everything once more, in yet another order: nothing changes.
            let again = try steps.apply(StepInput(rows.shuffled(using: &random)), stored: NoStoredSteps())
            #expect(again.calls.isEmpty && again.tools.isEmpty)
        }
    }

    @Test(arguments: 100..<108 as Range<UInt64>)
    func forgettingAndFailingCommitsChangesNothing(_ seed: UInt64) throws {
        var random = Seeded(seed)
        let rows = Self.randomRows(&random)
        for _ in 0..<10 {
            var steps = ProjectSteps()
            var stored = StoredDecisions()
            var committed = CommittedRows()
            for commit in Self.commits(rows.shuffled(using: &random), &random) {
                if Int.random(in: 0..<4, using: &random) == 0 {
                    // This transaction is rolled back, and the commit tried again.
                    steps.forget(try steps.apply(StepInput(commit), stored: committed).traces)
                }
                stored.store(try steps.apply(StepInput(commit), stored: committed))
                committed.rows += commit
                let expected = DecisionOracle(rows: committed.rows).decide()
                #expect(stored.differences(from: expected) == [], "right after every commit")
                let all = Set(rows.map(\.trace)).sorted()
                steps.forget(all.filter { _ in Int.random(in: 0..<3, using: &random) == 0 })
            }
        }
    }

    @Test(arguments: 200..<208 as Range<UInt64>)
    func brokenParentsStillGiveOneAnswer(_ seed: UInt64) throws {
        var random = Seeded(seed)
        let rows = Self.randomRows(&random, ringsAllowed: true)
        var expected: StoredDecisions?
        for _ in 0..<200 {
            var steps = ProjectSteps()
            var stored = StoredDecisions()
            for commit in Self.commits(rows.shuffled(using: &random), &random) {
                stored.store(try steps.apply(StepInput(commit), stored: NoStoredSteps()))
            }
            #expect(stored == expected ?? stored)
            expected = stored
            // Every record is merged into exactly one that stands.
            #expect(stored.calls.values.reduce(0) { $0 + Int($1.mergedRecords) } == stored.calls.count)
            for (id, decision) in stored.calls {
                #expect((decision.winner == id) == (decision.mergedRecords > 0))
                #expect(stored.calls[decision.winner]?.winner == decision.winner)
            }
        }
    }
}
