import GenAI
import TelemetryModel
import Testing

@testable import Storage

/// Decisions themselves are tested in GenAITests; here: that they are stored, read back and seen through the tables.
@Suite struct DecisionTests {
    /// An agent run with two calls (one of them seen twice) and a tool seen twice.
    private func run() -> BatchBuilder {
        var builder = BatchBuilder()
        builder.add(span: 1, start: 0, end: 10, name: "invoke_agent")
        builder.step(.agentRun) { step, text in
            step.agentName = text.append("helper")
            step.input = text.append("question")
        }
        builder.add(span: 2, parent: 1, start: 1, end: 3, name: "chat gpt")
        builder.step(.modelCall) { step, text in
            step.model = text.append("gpt")
            step.provider = text.append("openai")
            step.inputTokens = 100
            step.outputTokens = 10
            step.cost = 0.5
            step.costSource = .sent
        }
        // The provider's own span inside the first call: a duplicate that knows a value more.
        builder.add(span: 3, parent: 2, start: 1.5, end: 2.5, name: "provider span")
        builder.step(.modelCall) { step, text in
            step.model = text.append("gpt")
            step.provider = text.append("openai")
            step.inputTokens = 100
            step.cacheReadTokens = 40
            step.finishReasonsJSON = text.append(#"["stop"]"#)
        }
        builder.add(span: 4, parent: 1, start: 4, end: 5, name: "chat gpt")
        builder.step(.modelCall) { step, text in
            step.model = text.append("gpt")
            step.inputTokens = 200
            step.outputTokens = 20
        }
        builder.add(span: 5, parent: 1, start: 6, end: 7, name: "execute_tool search")
        builder.step(.toolCall) { step, text in step.toolName = text.append("search") }
        builder.add(span: 6, parent: 5, start: 6.2, end: 6.8, name: "tools/call search")
        builder.step(.toolCall) { step, text in step.toolName = text.append("search") }
        return builder
    }

    private static let calls = [
        ["0000000000000002", "100", "10", "40", "0.5", "sent", "2", "0000000000000001", "[stop]", "helper"],
        ["0000000000000004", "200", "20", nil, nil, "unpriced", "1", "0000000000000001", nil, "helper"],
    ]
    private static let runs = [["helper", "2", "1", "300", "30", "40", "0.5", "false", "question", "gpt"]]

    private func check(_ store: TelemetryStore) throws {
        let calls = try store.rows(
            of: .llmCalls,
            """
            SELECT span_id, input_tokens, output_tokens, cache_read_tokens, cost, cost_source, merged_records, agent_span_id, finish_reasons,
                agent_name
            FROM t ORDER BY span_id
            """
        )
        #expect(calls == Self.calls)
        let runs = try store.rows(
            of: .agentRuns,
            """
            SELECT agent_name, turns, tool_calls, input_tokens, output_tokens, cache_read_tokens, cost, is_cost_complete, input, model FROM t
            """
        )
        #expect(runs == Self.runs)
        #expect(
            try store.rows(of: .toolCalls, "SELECT span_id, tool_name, agent_span_id, agent_name FROM t") == [
                ["0000000000000005", "search", "0000000000000001", "helper"]
            ])
        let live = try store.rows(of: .liveCalls, "SELECT span_id FROM t WHERE is_duplicate")
        #expect(live == [["0000000000000003"]])
    }

    @Test func inOneBatch() async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        _ = try await store.write(run().ingest())
        try check(store)
        await store.shutdown()
    }

    /// Every record in a commit of its own, children before parents and parents before children, with the state forgotten in between or not.
    @Test(arguments: [false, true], [false, true])
    func oneRecordAtATime(backwards: Bool, forgetful: Bool) async throws {
        let folder = try TestFolder()
        let store = try folder.open { if forgetful { $0.stepCacheBytes = 0 } }
        let all = run()
        let order = Array(all.batch.rows.indices)
        for row in backwards ? order.reversed() : order {
            var single = all
            single.batch.rows = [all.batch.rows[row]]
            single.steps = all.steps.filter { $0.row == row }.map { step in
                var step = step
                step.row = 0
                return step
            }
            #expect(try await store.write(single.ingest()).stored == 1)
        }
        try check(store)
        await store.shutdown()
    }

    @Test func acrossReopen() async throws {
        let folder = try TestFolder()
        let all = run()
        for row in all.batch.rows.indices {
            let store = try folder.open()
            var single = all
            single.batch.rows = [all.batch.rows[row]]
            single.steps = all.steps.filter { $0.row == row }
            single.steps = single.steps.map { step in
                var step = step
                step.row = 0
                return step
            }
            _ = try await store.write(single.ingest())
            if row == all.batch.rows.indices.last { try check(store) }
            await store.shutdown()
        }
    }

    @Test(arguments: [false, true])
    func sameResponseInAnotherTrace(reopen: Bool) async throws {
        let folder = try TestFolder()
        var store = try folder.open()
        func call(trace: UInt64, start: Double, cost: Double?) -> BatchBuilder {
            var builder = BatchBuilder()
            builder.add(trace: trace, span: trace * 16, start: start)
            builder.step(.modelCall) { step, text in
                step.model = text.append("claude")
                step.provider = text.append("anthropic")
                step.responseID = text.append("msg_1")
                step.cost = cost
            }
            return builder
        }
        let first = try await store.write(call(trace: 1, start: 5, cost: nil).ingest())
        if reopen {
            await store.shutdown()
            store = try folder.open()
        }
        // The earlier record comes later: the call moves to it.
        let second = try await store.write(call(trace: 2, start: 1, cost: 0.25).ingest())
        #expect(try store.rows(of: .llmCalls, "SELECT span_id, cost, merged_records FROM t") == [["0000000000000020", "0.25", "2"]])
        let live = TableSource.sql(for: .liveCalls, project: ProjectID(1), after: first.sequence)
        #expect(
            try store.rows("SELECT span_id, is_duplicate, commit_sequence FROM (\(live)) ORDER BY span_id")
                == [["0000000000000010", "true", "\(second.sequence)"], ["0000000000000020", "false", "\(second.sequence)"]]
        )
        await store.shutdown()
    }

    @Test func patchesAreJSON() {
        var values = CallValues()
        #expect(PatchJSON.render(values, CallSurroundings()) == nil)
        values.provider = "a\"b\\\n"
        values.cost = .infinity
        values.inputTokens = 3
        #expect(PatchJSON.render(values, CallSurroundings()) == #"{"input_tokens":3,"provider":"a\"b\\\u000a"}"#)
    }
}
