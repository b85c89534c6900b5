import GenAI
import TelemetryModel
import Testing

@testable import Storage

/// Steps of stored records worked out again by other rules.
@Suite struct RewriteTests {
    /// Two calls of one response in two traces, and a hand-written record that is no call without rules.
    private func records() -> BatchBuilder {
        var builder = BatchBuilder()
        for trace in [1, 2] as [UInt64] {
            builder.add(trace: trace, span: trace * 16, start: Double(trace), name: "chat") { row, text in
                row.attributesJSON = text.append(
                    #"{"gen_ai.request.model":"gpt","gen_ai.system":"openai","gen_ai.response.id":"r","my.in":\#(trace * 10),"my.reply":"x\"y"}"#
                )
            }
        }
        builder.add(trace: 3, span: 48, start: 3, name: "answer") { row, text in
            row.attributesJSON = text.append(#"{"engine":"own-7b","my.in":5,"my.first":250}"#)
        }
        // As the decoder and the extractor would have left them.
        for index in builder.batch.rows.indices {
            let first = UInt32(builder.batch.attributes.count)
            StoredAttributes.append(builder.batch.rows[index].attributesJSON, to: &builder.batch)
            builder.batch.rows[index].attributes = first..<UInt32(builder.batch.attributes.count)
        }
        builder.steps = StepExtractor.extract(&builder.batch)
        return builder
    }

    private static let query = "SELECT span_id, model, input_tokens, time_to_first_token, merged_records FROM t ORDER BY span_id"

    private func rewrite(_ store: TelemetryStore, _ rules: [MappingRule]) async throws -> Int {
        let project = ProjectID(1)
        let traces = try await store.traceIDs(project, after: "", minimum: nil, limit: 10)
        #expect(traces.count == 3)
        #expect(try await store.traceCount(project, after: traces[0], minimum: nil) == 2)
        let mapping = MappingRules(rules)
        return try await store.rewriteSteps(of: traces, project: project) { records in
            mapping.apply(to: &records)
            return StepExtractor.extract(&records)
        }
    }

    @Test(arguments: [false, true])
    func rulesComeAndGo(reopen: Bool) async throws {
        let folder = try TestFolder()
        var store = try folder.open()
        _ = try await store.write(records().ingest())
        let without: [[String?]] = [["0000000000000010", "gpt", nil, nil, "2"]]
        #expect(try store.rows(of: .llmCalls, Self.query) == without)
        if reopen {
            await store.shutdown()
            store = try folder.open()
        }
        let rules = [
            MappingRule(attribute: "my.in", field: .inputTokens), MappingRule(attribute: "engine", field: .model),
            MappingRule(attribute: "my.first", field: .timeToFirstToken, unit: .ms),
        ]
        let with: [[String?]] = [["0000000000000010", "gpt", "10", nil, "2"], ["0000000000000030", "own-7b", "5", "0.25", "1"]]
        #expect(try await rewrite(store, rules) == 3)
        #expect(try store.rows(of: .llmCalls, Self.query) == with)
        #expect(try await rewrite(store, rules) == 0, "doing it again changes nothing")
        #expect(try store.rows(of: .llmCalls, Self.query) == with)

        // A later record of the same response still finds its call.
        var late = BatchBuilder()
        late.add(trace: 4, span: 64, start: 0, name: "chat")
        late.step(.modelCall) { step, text in
            step.model = text.append("gpt")
            step.provider = text.append("openai")
            step.responseID = text.append("r")
        }
        _ = try await store.write(late.ingest())
        #expect(
            try store.rows(of: .llmCalls, Self.query).map { [$0[0], $0[4]] } == [["0000000000000030", "1"], ["0000000000000040", "3"]])
        await store.shutdown()
    }

    @Test func withoutRulesNothingIsLeftOfThem() async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        _ = try await store.write(records().ingest())
        let before = try store.rows(of: .llmCalls, Self.query)
        _ = try await rewrite(store, [MappingRule(attribute: "engine", field: .model)])
        #expect(try await rewrite(store, []) == 1)
        #expect(try store.rows(of: .llmCalls, Self.query) == before)
        await store.shutdown()
    }
}
