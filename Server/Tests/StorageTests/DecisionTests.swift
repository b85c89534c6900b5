import GenAI
import TelemetryModel
import Testing

@testable import Storage

/// Decisions themselves are tested in GenAITests; here: that they are stored, read back and seen through the tables.
@Suite struct DecisionTests {
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
        _ = try await store.write(BatchBuilder.run().ingest())
        try check(store)
        await store.shutdown()
    }

    /// Every record in a commit of its own, children before parents and parents before children, with the state forgotten in between or not.
    @Test(arguments: [false, true], [false, true])
    func oneRecordAtATime(backwards: Bool, forgetful: Bool) async throws {
        let folder = try TestFolder()
        let store = try folder.open { if forgetful { $0.stepCacheBytes = 0 } }
        let all = BatchBuilder.run()
        let order = Array(all.batch.rows.indices)
        for row in backwards ? order.reversed() : order {
            #expect(try await store.write(all.single(row).ingest()).stored == 1)
        }
        try check(store)
        await store.shutdown()
    }

    @Test func acrossReopen() async throws {
        let folder = try TestFolder()
        let all = BatchBuilder.run()
        for row in all.batch.rows.indices {
            let store = try folder.open()
            _ = try await store.write(all.single(row).ingest())
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
