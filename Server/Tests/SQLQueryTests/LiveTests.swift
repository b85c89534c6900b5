import Foundation
import SQLQuery
import TelemetryModel
import Testing

extension SQLSuites {
    @Suite struct LiveTests {
        private func parts(_ batch: LiveBatch) throws -> (records: [[String: Any]], calls: [[String: Any]]) {
            let object = try #require(try JSONSerialization.jsonObject(with: Data(batch.body)) as? [String: Any])
            #expect(object["sequence"] as? Int64 == batch.sequence)
            return (try #require(object["records"] as? [[String: Any]]), try #require(object["calls"] as? [[String: Any]]))
        }

        private func spans(_ batch: LiveBatch) throws -> [String] {
            try parts(batch).records.compactMap { $0["span_id"] as? String }.map { String($0.suffix(2)) }
        }

        @Test func recordHasTheContractsMembers() async throws {
            let fixture = try StoreFixture()
            let sequence = try await fixture.write([
                .init(span: 1, attributes: #"{"logfire.msg_template":"work {x}"}"#, model: "gpt-4o", tokens: 7)
            ])
            let batch = try await fixture.engine.live(after: 0, project: StoreFixture.project)
            let expected = """
                {"sequence":\(sequence),"records":[{"sequence":\(sequence),"start_timestamp":"2026-01-01T00:00:00.000000Z","end_timestamp":"2026-01-01T00:00:01.000000Z",\
                "duration":1.0,"trace_id":"000000000000abcd0000000000000001","span_id":"0000000000000001","parent_span_id":null,"kind":"span","level":9,"span_name":"work",\
                "message":"work é \\"1\\"","msg_template":"work {x}","tags":["a","b"],"otel_scope_name":"pydantic-ai","service_name":"shop","deployment_environment":"prod",\
                "is_exception":false,"exception_type":null,"otel_status_code":"UNSET","otel_status_message":null,"http_response_status_code":null,"http_method":null}],\
                "calls":[{"trace_id":"000000000000abcd0000000000000001","span_id":"0000000000000001","is_duplicate":false,"provider":null,"model":"gpt-4o",\
                "input_tokens":7,"output_tokens":null,"cost":null,"is_error":false}]}
                """
            #expect(String(decoding: batch.body, as: UTF8.self) == expected)
            await fixture.close()
        }

        /// A filter that goes by the index of message bodies, which hot records and events answer by themselves.
        @Test func aFilterOverMessages() async throws {
            let fixture = try StoreFixture()
            _ = try await fixture.write([.init(span: 1), .init(span: 2)])
            let filter = "message ILIKE '%é%' OR attributes->>'gen_ai.output.messages' ILIKE '%needle%'"
            try await fixture.engine.validateFilter(filter, project: StoreFixture.project)
            #expect(try await fixture.engine.live(after: 0, filter: filter, project: StoreFixture.project).recordCount == 2)
            let none = "attributes->>'gen_ai.output.messages' ILIKE '%needle%'"
            #expect(try await fixture.engine.live(after: 0, filter: none, project: StoreFixture.project).recordCount == 0)
            #expect(try await fixture.engine.liveSnapshot(filter: none, project: StoreFixture.project).recordCount == 0)
            await fixture.close()
        }

        @Test func nothingIsSkippedOrRepeated() async throws {
            let fixture = try StoreFixture()
            var sequences: [Int64] = []
            for commit in 0..<6 {
                sequences.append(
                    try await fixture.write(
                        (0..<UInt64(commit + 1)).map { .init(trace: UInt64(commit + 1), span: UInt64(commit * 16) + $0 + 1) }))
            }
            try await fixture.write([.init(span: 0xff)], project: ProjectID(2))
            var seen: [String] = []
            var after: Int64 = 0
            var batches = 0
            while true {
                let batch = try await fixture.engine.live(after: after, limit: 5, project: StoreFixture.project)
                if batch.isEmpty {
                    #expect(batch.sequence >= after)
                    break
                }
                #expect(batch.sequence > after)
                seen += try spans(batch)
                after = batch.sequence
                batches += 1
            }
            #expect(seen.count == 21 && Set(seen).count == 21)
            // 1 + 2, 3, 4, 5, then 6 which is over the limit alone.
            #expect(batches == 5)
            #expect(sequences == sequences.sorted())
            #expect(try await fixture.engine.live(after: after, project: StoreFixture.project).isEmpty)
            await fixture.close()
        }

        @Test func filters() async throws {
            let fixture = try StoreFixture()
            let first = try await fixture.write([
                .init(span: 1, attributes: #"{"k":"v"}"#, model: "a", tokens: 1),
                .init(span: 2, level: Level.error, attributes: #"{"k":"w"}"#, model: "b", tokens: 2),
            ])
            let batch = try await fixture.engine.live(
                after: 0, filter: "level >= 'error' AND attributes->>'k' = 'w'", project: StoreFixture.project)
            #expect(try spans(batch) == ["02"])
            #expect(try parts(batch).calls.compactMap { $0["model"] as? String } == ["b"])
            let filter = "trace_id IN (SELECT trace_id FROM records WHERE level = 'error')"
            #expect(try spans(try await fixture.engine.live(after: 0, filter: filter, project: StoreFixture.project)) == ["01", "02"])
            let none = try await fixture.engine.live(after: 0, filter: "false", project: StoreFixture.project)
            #expect(none.isEmpty && none.sequence == first)
            let snapshot = try await fixture.engine.liveSnapshot(filter: "attributes->>'k' = 'v'", project: StoreFixture.project)
            #expect(try spans(snapshot) == ["01"])
            #expect(try parts(snapshot).calls.compactMap { $0["model"] as? String } == ["a"])
            try await fixture.engine.validateFilter("level > 'info' AND service_name = 'shop'", project: StoreFixture.project)
            let broken: [(String, Int)] = [
                ("lvl = 1", 0), ("level = 9 AND nothing > 3", 14), ("level = 9 AND (", 14), ("level = 9 AND getenv('x') = ''", 14),
            ]
            for (text, position) in broken {
                do throws(QueryError) {
                    try await fixture.engine.validateFilter(text, project: StoreFixture.project)
                    Issue.record("\(text) was accepted")
                } catch {
                    #expect(error.position == position && error.status == 400, "\(error)")
                }
                do throws(QueryError) {
                    _ = try await fixture.engine.live(after: 0, filter: text, project: StoreFixture.project)
                    Issue.record("\(text) was accepted")
                } catch {
                    #expect(error.position == position, "\(error)")
                }
            }
            await fixture.close()
        }

        @Test func snapshotShowsWholeTraces() async throws {
            let fixture = try StoreFixture()
            for trace in 1...4 as ClosedRange<UInt64> {
                try await fixture.write(
                    (1...3).map {
                        .init(trace: trace, span: trace * 16 + $0, start: Double(trace) * 10 + Double($0), model: "m", tokens: 1)
                    })
            }
            let batch = try await fixture.engine.liveSnapshot(limit: 7, project: StoreFixture.project)
            #expect(try spans(batch) == ["43", "42", "41", "33", "32", "31"])
            #expect(batch.callCount == 6)
            #expect(try await fixture.engine.live(after: batch.sequence, project: StoreFixture.project).isEmpty)
            #expect(try spans(try await fixture.engine.liveSnapshot(limit: 1, project: StoreFixture.project)) == ["43", "42", "41"])
            let base: Int64 = 1_767_225_600_000_000
            let window = try await fixture.engine.liveSnapshot(
                minTimestamp: base + 20_000_000, maxTimestamp: base + 32_000_000, project: StoreFixture.project)
            #expect(try spans(window) == ["32", "31", "23", "22", "21"])
            let other = try await fixture.engine.liveSnapshot(project: ProjectID(9))
            #expect(other.isEmpty && String(decoding: other.body, as: UTF8.self).hasSuffix(#""records":[],"calls":[]}"#))
            await fixture.close()
        }
    }
}
