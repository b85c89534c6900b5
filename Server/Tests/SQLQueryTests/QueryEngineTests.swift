import Foundation
import SQLQuery
import Storage
import TelemetryModel
import Testing

extension SQLSuites {
    @Suite struct QueryEngineTests {
        @Test func answersInEveryFormat() async throws {
            let fixture = try StoreFixture()
            try await fixture.write([.init(span: 1, attributes: #"{"k":"v","n":{"a":[1]}}"#), .init(span: 2, start: 1, level: Level.error)])
            let sql = "SELECT span_id, level, start_timestamp, attributes FROM records WHERE level = 'info' AND attributes->>'k' = 'v'"
            let row = """
                {"span_id":"0000000000000001","level":9,"start_timestamp":"2026-01-01T00:00:00.000000Z","attributes":{"k":"v","n":{"a":[1]}}}
                """
            let fields = """
                {"name":"span_id","TYPE":"Utf8","nullable":true},{"name":"level","TYPE":"Int16","nullable":true},\
                {"name":"start_timestamp","TYPE":{"Timestamp":["Microsecond","UTC"]},"nullable":true},{"name":"attributes","TYPE":"Utf8","nullable":true}
                """
            #expect(
                try await fixture.json(sql)
                    == "{\"schema\":{\"fields\":[\(fields.replacing("TYPE", with: "data_type"))]},\"data\":[\(row)]}"
            )
            #expect(
                try await fixture.json(sql, format: .rowsV1)
                    == "{\"columns\":[\(fields.replacing("TYPE", with: "datatype"))],\"rows\":[\(row)]}"
            )
            let columns = try await fixture.json("SELECT span_id AS a, level AS b FROM records ORDER BY 1", format: .columns)
            #expect(
                columns == """
                    {"columns":[{"name":"a","datatype":"Utf8","nullable":true,"values":["0000000000000001","0000000000000002"]},\
                    {"name":"b","datatype":"Int16","nullable":true,"values":[9,17]}]}
                    """
            )
            await fixture.close()
        }

        @Test(arguments: [
            (
                "1::TINYINT, (-128)::TINYINT, 18446744073709551615::UBIGINT, 170141183460469231731687303715884105727, (-5)::HUGEINT",
                "[1,-128,18446744073709551615,170141183460469231731687303715884105727,-5]"
            ),
            (
                "1.50::DECIMAL(4,2), (-0.05)::DECIMAL(4,2), 123456789012345678901234567.89::DECIMAL(38,2), 7::DECIMAL(5,0)",
                "[1.50,-0.05,123456789012345678901234567.89,7]"
            ),
            (
                "1.5::DOUBLE, 3::DOUBLE, 1e300, -0.1, 'nan'::DOUBLE, 'inf'::DOUBLE, 0.1::FLOAT, 1e-7",
                "[1.5,3.0,1e+300,-0.1,null,null,0.1,1e-07]"
            ),
            ("true, NULL, NULL::INT, 'a\"b\\\n\t\u{1}é'", "[true,null,null,\"a\\\"b\\\\\\n\\t\\u0001é\"]"),
            (
                "DATE '2024-02-29', DATE '1969-12-31', DATE '0001-01-01', TIME '10:11:12.5', TIMESTAMP '1969-12-31 23:59:59.5', TIMESTAMPTZ '2026-05-27 15:16:36.517321+02'",
                "[\"2024-02-29\",\"1969-12-31\",\"0001-01-01\",\"10:11:12.500000\",\"1969-12-31T23:59:59.500000\",\"2026-05-27T13:16:36.517321Z\"]"
            ),
            (
                "TIMESTAMP_NS '2026-01-01 00:00:00.123456789', TIMESTAMP_S '2026-01-01 00:00:00', TIMESTAMP_MS '2026-01-01 00:00:00.5', 'infinity'::TIMESTAMPTZ",
                "[\"2026-01-01T00:00:00.123456789\",\"2026-01-01T00:00:00\",\"2026-01-01T00:00:00.500\",null]"
            ),
            (
                "INTERVAL '14 months 3 days 4 hours 5.5 seconds', INTERVAL '-1 minute', INTERVAL '0 s', INTERVAL '90 minutes'",
                "[\"P1Y2M3DT4H5.500000S\",\"PT-1M\",\"PT0S\",\"PT1H30M\"]"
            ),
            (
                "[1, NULL, 3], [['a'], []], {'a': 1, 'b': [true]}, map {'k': 1, 'l': 2}, map {1: 'x'}, []",
                "[[1,null,3],[[\"a\"],[]],{\"a\":1,\"b\":[true]},{\"k\":1,\"l\":2},[{\"key\":1,\"value\":\"x\"}],[]]"
            ),
            (
                "'{\"a\": [1, 2]}'::JSON, '\"x\"'::JSON, 'null'::JSON, to_json([1, 2]), '550e8400-e29b-41d4-a716-446655440000'::UUID, 'ab'::BLOB, '0101'::BIT, 'x'::ENUM('x', 'y')",
                "[{\"a\": [1, 2]},\"x\",null,[1,2],\"550e8400-e29b-41d4-a716-446655440000\",\"6162\",\"0101\",\"x\"]"
            ),
            ("[1, 2]::INT[2], union_value(num := 2)", "[[1,2],2]"),
        ])
        func writesValues(_ list: String, _ expected: String) async throws {
            let fixture = try StoreFixture()
            let text = try await fixture.rows("SELECT \(list)")
            let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]]
            #expect(object?.count == 1, "\(text)")
            // Keep the order by cutting the keys away.
            var values: [String] = []
            let names = try await fixture.json("SELECT \(list)", format: .columns)
            for part in names.components(separatedBy: "\"values\":[").dropFirst() {
                values.append(
                    String(
                        part[
                            ..<(part.range(of: "]},{\"name\"") ?? part.range(of: "]}]}", options: .backwards) ?? part
                                .endIndex..<part.endIndex).lowerBound]))
            }
            #expect("[" + values.joined(separator: ",") + "]" == expected)
            await fixture.close()
        }

        @Test func names() async throws {
            let fixture = try StoreFixture()
            let rows = try await fixture.rows("SELECT 1 AS x, 2 AS x, 3 AS x_1, count(*), count() FROM range(3)")
            #expect(rows == #"[{"x":1,"x_2":2,"x_1":3,"count_star()":3,"count_star()_1":3}]"#)
            await fixture.close()
        }

        @Test func linesAndCommaSeparatedValues() async throws {
            let fixture = try StoreFixture()
            let sql = """
                SELECT 1 AS n, 'a,"b"' AS "x y", '' AS e, NULL AS z, 1.5 AS d, 'nan'::DOUBLE AS f, TIMESTAMPTZ '2026-01-01 00:00:00Z' AS t, \
                [1, 2] AS l, '{"k":"v"}'::JSON AS j, true AS b
                """
            #expect(
                try await fixture.json(sql, format: .csv)
                    == "n,x y,e,z,d,f,t,l,j,b\r\n1,\"a,\"\"b\"\"\",\"\",,1.5,,2026-01-01T00:00:00.000000Z,\"[1,2]\",\"{\"\"k\"\":\"\"v\"\"}\",true\r\n"
            )
            let lines = try await fixture.json("SELECT range AS n FROM range(2)", format: .ndjson)
            #expect(
                lines == """
                    {"type":"schema","schema":{"fields":[{"name":"n","data_type":"Int64","nullable":true}]}}
                    {"type":"data","rows":[{"n":0},{"n":1}]}
                    {"type":"end","row_count":2}

                    """
            )
            #expect(
                try await fixture.rows("SELECT to_json(['nan'::DOUBLE, '-inf'::DOUBLE]) AS a, to_json('N\\\"I') AS b")
                    == #"[{"a":[null,null],"b":"N\\\"I"}]"#
            )
            await fixture.close()
        }

        @Test func scopesAndWindows() async throws {
            let fixture = try StoreFixture()
            try await fixture.write([.init(span: 1), .init(span: 2, start: 10), .init(span: 3, start: 20, kind: .pendingSpan)])
            try await fixture.write([.init(trace: 2, span: 4, name: "other")], project: ProjectID(2))
            try await fixture.write([.init(trace: 3, span: 5, start: 30)], environment: nil)
            #expect(try await fixture.rows("SELECT count(*) AS n FROM records") == #"[{"n":3}]"#)
            #expect(try await fixture.rows("SELECT count(*) AS n FROM records_all, (SELECT count(*) FROM records_full)") == #"[{"n":4}]"#)
            #expect(try await fixture.rows("SELECT count(*) AS n FROM records WHERE span_name = 'other'") == #"[{"n":0}]"#)
            let base: Int64 = 1_767_225_600_000_000
            #expect(
                try await fixture.rows("SELECT span_id FROM records") {
                    $0.minTimestamp = base + 10_000_000; $0.maxTimestamp = base + 10_000_000
                } == #"[{"span_id":"0000000000000002"}]"#)
            #expect(
                try await fixture.rows("SELECT count(*) AS n FROM records") { $0.deploymentEnvironment = ["prod", "dev"] } == #"[{"n":2}]"#)
            #expect(try await fixture.rows("SELECT count(*) AS n FROM records") { $0.deploymentEnvironment = [""] } == #"[{"n":1}]"#)
            #expect(
                try await fixture.rows("SELECT count(*) AS n FROM records") { $0.deploymentEnvironment = ["", "prod"] } == #"[{"n":3}]"#)
            #expect(try await fixture.rows("SELECT count(*) AS n FROM records") { $0.deploymentEnvironment = [] } == #"[{"n":0}]"#)
            #expect(try await fixture.rows("SELECT DISTINCT #4 AS t FROM records LIMIT 1").contains("000000000000abcd"))
            #expect(try await fixture.rows("SELECT r FROM records r LIMIT 1").contains(#""otel_scope_name":"pydantic-ai""#))
            let keys = """
                SELECT k, count(*) AS n FROM (SELECT unnest(json_keys(attributes)) AS k FROM (SELECT attributes FROM records \
                ORDER BY start_timestamp DESC LIMIT 2000)) GROUP BY k ORDER BY n DESC, k LIMIT 500
                """
            #expect(try await fixture.rows(keys) == "[]")
            // Hidden columns of the storage cannot be reached.
            for sql in ["SELECT project_id FROM records", "SELECT _bodies FROM records", "SELECT r.commit_sequence FROM records r"] {
                await #expect(throws: QueryError.self) { try await fixture.rows(sql) }
            }
            await fixture.close()
        }

        /// The engine's threads race: the one that fetches may learn that another failed before it learns why (``InterruptHandle/count``).
        @Test func theReasonOfAFailureIsTold() async throws {
            let fixture = try StoreFixture()
            let sql = "SELECT i FROM range(400000) t(i) WHERE CASE WHEN i = 390000 THEN ('x' || i)::INTEGER ELSE -1 END > 0"
            for _ in 0..<40 {
                let error = await #expect(throws: QueryError.self) { try await fixture.rows(sql) }
                #expect(error?.code == .execution && error?.message.contains("x390000") == true, "\(error?.message ?? "")")
            }
            await fixture.close()
        }

        @Test func attributesInParts() async throws {
            let fixture = try StoreFixture()
            let messages = #"[{\"role\":\"user\"}]"#
            try await fixture.write([
                .init(span: 1, attributes: #"{"k":"v"}"#, bodies: #"{"gen_ai.input.messages":"\#(messages)"}"#, model: "gpt-4o", tokens: 7),
                .init(
                    span: 2, parent: 1, attributes: "{}",
                    events:
                        #"[{"event_name":"e","event_timestamp":"2026-01-01T00:00:00.500000Z","attributes":{"gen_ai.input.messages":"event","k":"ek"}}]"#,
                    eventCount: 1
                ),
            ])
            let expected =
                #"[{"kind":"span","k":"v","m":"[{\"role\":\"user\"}]"},{"kind":"span","k":null,"m":null},{"kind":"span_event","k":"ek","m":"event"}]"#
            for table in ["records", "records_all"] {
                let sql =
                    "SELECT kind, attributes->>'k' AS k, attributes->>'gen_ai.input.messages' AS m FROM \(table) ORDER BY kind, span_id"
                #expect(try await fixture.rows(sql) == expected)
                #expect(
                    try await fixture.rows(
                        "SELECT * FROM (SELECT kind, attributes->>'k' AS k, r.attributes->>'gen_ai.input.messages' AS m FROM \(table) r ORDER BY kind, span_id)"
                    ) == expected)
            }
            #expect(
                try await fixture.rows("SELECT attributes->>'k', attributes ? 'gen_ai.input.messages' FROM llm_calls")
                    == #"[{"(attributes ->> 'k')":"v","json_exists(attributes, 'gen_ai.input.messages')":true}]"#)
            #expect(
                try await fixture.rows("SELECT attributes->>'k' AS k, count(*) AS n FROM records GROUP BY attributes ORDER BY 1, 2 LIMIT 1")
                    == #"[{"k":"ek","n":1}]"#)
            #expect(
                try await fixture.rows(
                    "SELECT sum(input_tokens) AS n, max(model) AS m FROM llm_calls c JOIN records r USING (trace_id, span_id)")
                    == #"[{"n":7,"m":"gpt-4o"}]"#)
            // Message bodies of projects without span events are read from their own part.
            try await fixture.write([.init(span: 9, bodies: #"{"gen_ai.input.messages":"b"}"#)], project: ProjectID(3))
            #expect(
                try await fixture.rows("SELECT attributes->>'gen_ai.input.messages' AS m FROM records") { $0.project = ProjectID(3) }
                    == #"[{"m":"b"}]"#)
            await fixture.close()
        }

        @Test func everySeedRuns() async throws {
            let fixture = try StoreFixture()
            try await fixture.write([
                .init(span: 1, name: "agent run", attributes: #"{"gen_ai.request.model":"gpt-4o","gen_ai.usage.input_tokens":5}"#)
            ])
            for item in try GoldenFile("seeds.sql").cases {
                do { _ = try await fixture.json(item.input) } catch { Issue.record("\(item.name): \(error)") }
            }
            #expect(
                try await fixture.rows("SELECT attributes->>'gen_ai.request.model' as model, COUNT(*) as total FROM records GROUP BY model")
                    == #"[{"model":"gpt-4o","total":1}]"#)
            for table in ["records", "records_all", "records_full", "metrics", "llm_calls", "agent_runs", "tool_calls"] {
                do { _ = try await fixture.json("SELECT * FROM \(table)") } catch { Issue.record("\(table): \(error)") }
                do { _ = try await fixture.json("DESCRIBE \(table)") } catch { Issue.record("\(table): \(error)") }
            }
            await fixture.close()
        }

        @Test func requestsOutOfRange() async throws {
            let fixture = try StoreFixture()
            for limit in [0, -1, 10_001] {
                await #expect { try await fixture.engine.run(fixture.request("SELECT 1", limit: limit), format: .rows) } throws: {
                    ($0 as? QueryError)?.status == 422
                }
            }
            await #expect {
                try await fixture.rows("SELECT 1") {
                    $0.minTimestamp = 2; $0.maxTimestamp = 1
                }
            } throws: { ($0 as? QueryError)?.status == 422 }
            await #expect { try await fixture.rows("SELECT 1") { $0.timezone = "x'; --" } } throws: { ($0 as? QueryError)?.status == 422 }
            await fixture.close()
        }

        @Test func errorsTellTheirPlace() async throws {
            let fixture = try StoreFixture()
            try await fixture.write([.init(span: 1)])
            let cases: [(String, Int?, String)] = [
                ("SELECT é, nothing FROM records", 7, "Referenced column \"é\" not found"),
                ("SELECT message FROM record", 20, "table record does not exist"),
                ("SELECT message FRM records", 19, "syntax error"),
                ("SELECT max(message) FROM records WHERE attributes->>'a' = 'b' AND foo(1) = 2", 66, "function foo is not available"),
                ("SELECT message FROM records WHERE level = 'x' OR\n lvl = 1", 42, "x is not a level"),
                ("SELECT message\nFROM records r\nWHERE r.lvl = 1", 36, "lvl"),
                ("SELECT sum(message) FROM records", 7, "sum"), ("SELECT span_name::int FROM records", nil, "Could not convert"),
            ]
            for (sql, position, message) in cases {
                do throws(QueryError) {
                    _ = try await fixture.engine.run(fixture.request(sql), format: .rows)
                    Issue.record("\(sql) should fail")
                } catch {
                    #expect(error.status == 400)
                    if let position { #expect(error.position == position, "\(sql): \(error)") }
                    #expect(error.message.contains(message), "\(sql): \(error)")
                    #expect(!error.message.contains("LINE") && !error.message.contains("project_id"), "\(error)")
                    let body = String(decoding: error.problemJSON(), as: UTF8.self)
                    let object = try? JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]
                    #expect(object?["status"] as? Int == 400 && object?["detail"] as? String == error.message)
                }
            }
            await fixture.close()
        }

        /// Longer than any test waits.
        static let heavy =
            "SELECT count(*) FROM range(1000000) a, range(1000000) b, range(1000000) c WHERE a.range + b.range + c.range > 5 AND random() < 2"

        /// Much less than such a query takes. A second is enough for the engine; other suites block the threads that go on here.
        static let soon = Duration.seconds(60)

        @Test func deadlineEndsHeavyQueries() async throws {
            let fixture = try StoreFixture()
            for sql in [
                Self.heavy, "WITH RECURSIVE r AS (SELECT 1 x UNION ALL SELECT x + 1 FROM r) SELECT count(*) FROM r",
                "SELECT a.range FROM range(1000000) a, range(1000000) b ORDER BY random() LIMIT 1",
            ] {
                let start = ContinuousClock.now
                do throws(QueryError) {
                    _ = try await fixture.engine.run(fixture.request(sql) { $0.deadline = .milliseconds(300) }, format: .rows)
                    Issue.record("should have been ended: \(sql)")
                } catch {
                    #expect([.deadline, .outOfMemory].contains(error.code) && error.status == 400, "\(error)")
                }
                #expect(ContinuousClock.now - start < Self.soon, "\(sql)")
            }
            #expect(try await fixture.rows("SELECT 1 AS x") == #"[{"x":1}]"#)
            await fixture.close()
        }

        @Test func cancellationEndsTheQuery() async throws {
            let fixture = try StoreFixture()
            let start = ContinuousClock.now
            let task = Task { try await fixture.engine.run(fixture.request(Self.heavy), format: .rows) }
            try await Task.sleep(for: .milliseconds(300))
            task.cancel()
            await #expect { try await task.value } throws: { ($0 as? QueryError)?.code == .cancelled }
            #expect(ContinuousClock.now - start < Self.soon)
            // The heavy place is free again.
            #expect(try await fixture.rows("SELECT 1 AS x") == #"[{"x":1}]"#)
            await fixture.close()
        }

        @Test func largeResultsAreRefused() async throws {
            let fixture = try StoreFixture { $0.maximumBytes = 1 << 20 }
            await #expect {
                try await fixture.engine.run(fixture.request("SELECT repeat('x', 1000) FROM range(10000)", limit: 10_000), format: .rows)
            } throws: {
                ($0 as? QueryError)?.code == .tooLarge
            }
            let output = try await fixture.engine.run(fixture.request("SELECT range FROM range(100000)", limit: 10_000), format: .columns)
            #expect(output.rowCount == 10_000)
            await fixture.close()
        }

        @Test func explains() async throws {
            let fixture = try StoreFixture()
            let text = try await fixture.json("SELECT span_name FROM records WHERE level = 'error'") { $0.explain = true }
            let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
            #expect((object["logical_plan"] as? String)?.contains("FROM records AS records") == true)
            #expect((object["physical_plan"] as? String)?.isEmpty == false)
            await fixture.close()
        }

        @Test func storeShutDown() async throws {
            let fixture = try StoreFixture()
            await fixture.store.shutdown()
            await #expect { try await fixture.rows("SELECT 1") } throws: { ($0 as? QueryError)?.status == 503 }
            fixture.engine.shutdown()
            await #expect { try await fixture.rows("SELECT 1") } throws: { ($0 as? QueryError)?.status == 503 }
        }
    }
}
