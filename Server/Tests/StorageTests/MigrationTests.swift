import DuckDBKit
import Foundation
import GenAI
import TelemetryModel
import Testing

@testable import Storage

/// Folders of earlier versions open, keep what they hold and take new rows.
@Suite struct MigrationTests {
    /// A folder as version 1 left it: a call with a cost, one without, and the opening half of a streamed call.
    private func folderOfVersion1() throws -> TestFolder {
        let folder = try TestFolder()
        try FileManager.default.createDirectory(atPath: folder.path + "/telemetry", withIntermediateDirectories: true)
        let database = try Database(path: folder.hotFile)
        let connection = try database.connect()
        try connection.execute(Schema.schemaVersion)
        for statement in Schema.tables { try connection.execute(statement) }
        try connection.execute("INSERT INTO schema_version VALUES (1, now())")
        for (span, cost) in [(1, "0.25"), (2, "NULL")] {
            let ids = "1, 10, 0, '0000000000000000000000000000000\(span)', '000000000000000\(span)'"
            try connection.execute(
                """
                INSERT INTO span BY NAME SELECT unnest({'project_id': 1, 'commit_sequence': 10, 'kind': 0,
                    'trace_id': '0000000000000000000000000000000\(span)', 'span_id': '000000000000000\(span)',
                    'start_timestamp': '2026-01-01'::TIMESTAMPTZ, 'start_nanosecond': 0, 'end_timestamp': '2026-01-01'::TIMESTAMPTZ,
                    'span_name': 'chat', 'span_event_count': 0})
                """
            )
            try connection.execute(
                """
                INSERT INTO step (project_id, commit_sequence, kind, trace_id, span_id, start_timestamp, start_nanosecond, stream_role,
                    provider, model, response_id, cost, merged_records)
                SELECT \(ids), '2026-01-01'::TIMESTAMPTZ, 0, 0, 'openai', 'gpt', 'r\(span)', \(cost), 1
                """
            )
        }
        return folder
    }

    @Test func aFolderOfVersion1() async throws {
        let folder = try folderOfVersion1()
        let query = """
            SELECT span_id, cost, cost_source, cost_note, retry_count, refusal, prompt_build_time, is_streaming, cache_hit, merged_records
            FROM t ORDER BY span_id
            """
        let old: [[String?]] = [
            ["0000000000000001", "0.25", "sent", nil, nil, nil, nil, nil, nil, "1"],
            ["0000000000000002", nil, "unpriced", "the sender reported no cost", nil, nil, nil, nil, nil, "1"],
        ]
        var store = try folder.open()
        #expect(try store.rows(of: .llmCalls, query) == old)
        #expect(try store.rows("SELECT version FROM schema_version ORDER BY version").map { $0[0] } == ["1", "2", "3", "4", "9"])

        var builder = BatchBuilder()
        builder.add(trace: 3, span: 3)
        builder.step(.modelCall) { step, text in
            step.model = text.append("gpt")
            step.provider = text.append("openai")
            // The response of a call that version 1 stored: one call.
            step.responseID = text.append("r2")
            step.cost = 0.75
            step.inputCost = 0.5
            step.outputCost = 0.25
            step.costSource = .computed
            step.costNote = text.append("list price")
            step.priceVersion = text.append("v7")
            step.refusal = false
            step.isStreaming = true
            step.details = text.append(#"{"cache_hit":true,"region":"eu","temperature":0.5,"retry_count":2,"retry_cause":"429"}"#)
        }
        builder.add(trace: 4, span: 4)
        builder.step(.modelCall) { step, text in
            step.model = text.append("gpt")
            step.jsonParseSuccess = true
            step.details = text.append(#"{"cache_hit":true,"region":"eu","temperature":0.5,"retry_count":2,"retry_cause":"429"}"#)
        }
        _ = try await store.write(builder.ingest())
        await store.shutdown()

        store = try folder.open()
        let calls = try store.rows(
            of: .llmCalls,
            """
            SELECT span_id, cost, input_cost, output_cost, cost_source, cost_note, price_version, retry_count, retry_cause, refusal,
                json_parse_success, is_streaming, cache_hit, region, temperature, merged_records FROM t ORDER BY span_id
            """
        )
        let expected: [[String?]] = [
            ["0000000000000001", "0.25", nil, nil, "sent", nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, "1"],
            [
                "0000000000000002", "0.75", "0.5", "0.25", "computed", "list price", "v7", nil, nil, "false", nil, "true", nil, nil, nil,
                "2",
            ],
            [
                "0000000000000004", nil, nil, nil, "unpriced", "the sender reported no cost", nil, "2", "429", nil, "true", nil, "true",
                "eu", "0.5", "1",
            ],
        ]
        #expect(calls == expected)
        await store.shutdown()
    }

    /// The halves of a streamed call without a parent are one call, whatever lies between their arrivals.
    @Test(arguments: [false, true], [false, true])
    func streamHalvesOnEitherSideOfARestart(backwards: Bool, reopen: Bool) async throws {
        let folder = try TestFolder()
        var store = try folder.open { $0.stepCacheBytes = 0 }
        func half(_ role: StreamRole) -> BatchBuilder {
            var builder = BatchBuilder()
            let number: UInt64 = role == .opener ? 1 : 2
            builder.add(role == .opener ? .span : .log, trace: number, span: number, start: Double(number))
            builder.step(.modelCall) { step, text in
                step.model = text.append("gpt")
                step.streamRole = role
                step.streamKey = 0xffff_ffff_0000_0001
                if role == .completion { step.inputTokens = 7 }
            }
            return builder
        }
        let halves = [half(.opener), half(.completion)]
        for builder in backwards ? halves.reversed() : halves {
            if reopen {
                await store.shutdown()
                store = try folder.open { $0.stepCacheBytes = 0 }
            }
            _ = try await store.write(builder.ingest())
        }
        #expect(try store.rows(of: .llmCalls, "SELECT span_id, input_tokens, merged_records FROM t") == [["0000000000000002", "7", "2"]])
        await store.shutdown()
    }
}
