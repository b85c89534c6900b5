import Storage
import TelemetryModel
import Testing

@testable import SQLQuery

extension SQLSuites {
    /// Rows of one trace, which the encoder sorts instead of the engine.
    @Suite struct TraceOrderTests {
        private static let trace = "trace_id = '000000000000abcd0000000000000001'"

        private func fixture() async throws -> StoreFixture {
            let fixture = try StoreFixture()
            // 3, 6, 9, 2, 5, 8, 1, 4, 7, 10
            let spans = [3, 6, 9, 2, 5, 8, 1, 4, 7, 10].map {
                StoreFixture.Span(span: UInt64($0), start: Double($0), attributes: #"{"nan":"N,I","list":[1,"x,Nix"]}"#)
            }
            try await fixture.write(spans + [.init(trace: 2, span: 11, start: 5.5)])
            return fixture
        }

        /// Records of all kinds, with whatever can be in their columns.
        private func variety() -> [StoreFixture.Span] {
            let url =
                #"{"http.url":"a","url.full":"https://é/\"x\"","url.path":null,"nested":{"url.path":"no","more":[[{"url.query":1}]]}}"#
            let schema =
                #"{"logfire.json_schema":"{\"type\":\"object\",\"n\":[1.50,null]}","n":1.50,"url.query":2.50,"url.path":"/\u0001\n"}"#
            var spans: [StoreFixture.Span] = []
            for kind in UInt8(0)...6 {
                spans.append(
                    .init(span: UInt64(20 + kind), start: Double(kind) / 3, attributes: kind % 2 == 0 ? url : schema) { row, text in
                        row.spanKind = kind
                        row.statusCode = [.unset, .ok, .error][Int(kind) % 3]
                        row.exceptionType = text.append("Error")
                        if kind % 3 == 0 { row.linksJSON = text.append(#"[{"trace_id":"a"}]"#) }
                        if kind % 3 == 1 { row.tagsJSON = .null }
                        if kind == 5 { row.eventsJSON = text.append(#"[{"event_name":"exception","attributes":{}}]"#) }
                    })
            }
            spans.append(.init(span: 40, start: 4, kind: .log, attributes: #"{"logfire.json_schema":"{no"}"#))
            spans.append(.init(span: 41, start: 5, kind: .pendingSpan, attributes: #"{"url.full":null,"http.url":{"a":[1]}}"#))
            spans.append(.init(span: 42, start: 6, bodies: #"{"gen_ai.input.messages":[{"role":"user"}]}"#))
            return spans
        }

        private func ids(_ fixture: StoreFixture, _ sql: String, limit: Int = 100) async throws -> [Int] {
            let rows = try await fixture.rows(sql) { $0.limit = limit }
            return rows.split(separator: "\"span_id\":\"").dropFirst().compactMap { Int($0.prefix { $0 != "\"" }, radix: 16) }
        }

        @Test func sorted() async throws {
            let fixture = try await fixture()
            let (ascending, descending) = (Array(1...10), Array((1...10).reversed()))
            #expect(try await ids(fixture, "SELECT * FROM records_all WHERE \(Self.trace) ORDER BY start_timestamp") == ascending)
            #expect(try await ids(fixture, "SELECT * FROM records WHERE \(Self.trace) ORDER BY records.start_timestamp ASC") == ascending)
            #expect(
                try await ids(fixture, "SELECT span_id, start_timestamp FROM records WHERE \(Self.trace) ORDER BY start_timestamp DESC")
                    == descending)
            // Not a column of the result, or something else of that name, or another order.
            #expect(try await ids(fixture, "SELECT span_id FROM records WHERE \(Self.trace) ORDER BY start_timestamp DESC") == descending)
            #expect(
                try await ids(
                    fixture,
                    "SELECT span_id, -epoch(start_timestamp) AS start_timestamp FROM records WHERE \(Self.trace) ORDER BY start_timestamp")
                    == descending)
            #expect(
                try await ids(fixture, "SELECT * FROM records WHERE \(Self.trace) ORDER BY span_name, start_timestamp DESC") == descending)
            #expect(
                try await ids(fixture, "SELECT DISTINCT span_id, start_timestamp FROM records WHERE \(Self.trace) ORDER BY start_timestamp")
                    == ascending)
            #expect(
                try await ids(fixture, "SELECT * FROM records WHERE \(Self.trace) AND start_timestamp > now() ORDER BY start_timestamp")
                    == [])
            await fixture.close()
        }

        @Test(arguments: [
            ("SELECT * FROM records_all WHERE \(trace) ORDER BY start_timestamp", 1),
            ("SELECT r.* FROM records r WHERE r.\(trace) ORDER BY r.start_timestamp DESC LIMIT 9", 1),
            ("SELECT * FROM records WHERE '000000000000abcd0000000000000001' = trace_id ORDER BY start_timestamp", 1),
            (
                "SELECT * FROM records WHERE trace_id IN ('000000000000abcd0000000000000001', '000000000000abcd0000000000000002') "
                    + "ORDER BY start_timestamp", 2
            ),
            ("SELECT * FROM records WHERE trace_id = '000000000000ABCD0000000000000001' ORDER BY start_timestamp", 0),
            ("SELECT * FROM records WHERE trace_id = 'none' ORDER BY start_timestamp", 0),
            ("SELECT * FROM records WHERE \(trace) AND level > 'info' ORDER BY start_timestamp", 0),
            ("SELECT * FROM records r(a) WHERE \(trace) ORDER BY start_timestamp", 0),
            ("SELECT *, 1 FROM records WHERE \(trace) ORDER BY start_timestamp", 0),
            ("SELECT * EXCLUDE kind FROM records WHERE \(trace) ORDER BY start_timestamp", 0),
            ("SELECT * REPLACE (1 AS kind) FROM records WHERE \(trace) ORDER BY start_timestamp", 0),
            ("SELECT * RENAME (kind AS k) FROM records WHERE \(trace) ORDER BY start_timestamp", 0),
            ("SELECT * LIKE 's%' FROM records WHERE \(trace) ORDER BY start_timestamp", 0),
            ("SELECT COLUMNS('s.*') FROM records WHERE \(trace) ORDER BY start_timestamp", 0),
            ("SELECT * FROM llm_calls WHERE \(trace) ORDER BY start_timestamp", 0),
        ])
        func knowsWholeTraces(_ sql: String, _ traces: Int) throws {
            let compiled = try? CompilerFixture().compiler.compile(sql, limit: 100)
            #expect(compiled?.unordered?.wholeTraces?.count ?? 0 == traces)
        }

        @Test func limits() async throws {
            let fixture = try await fixture()
            let sql = "SELECT * FROM records WHERE \(Self.trace) ORDER BY start_timestamp"
            #expect(try await ids(fixture, sql, limit: 3) == [1, 2, 3])
            #expect(try await ids(fixture, sql, limit: 10) == Array(1...10))
            #expect(try await ids(fixture, sql + " DESC LIMIT 4") == [10, 9, 8, 7])
            #expect(try await ids(fixture, sql + " LIMIT 10") == Array(1...10))
            #expect(try await ids(fixture, sql + " LIMIT 2 OFFSET 3") == [4, 5])
            await fixture.close()
        }

        @Test func sameBytesAsFromTheEngine() async throws {
            let fixture = try await fixture()
            for format in [ResultFormat.rows, .rowsV1] {
                let sql = "SELECT * FROM records_all WHERE \(Self.trace) ORDER BY start_timestamp"
                #expect(try await fixture.json(sql, format: format) == fixture.json(sql + ", span_id", format: format))
            }
            // Rows as they are stored, which the encoder makes rows of the table.
            try await fixture.write(variety())
            try await fixture.write([.init(span: 60, start: 7), .init(trace: 2, span: 61, start: 7)], environment: nil, scope: "other")
            for table in ["records", "records_all"] {
                for condition in [Self.trace, "trace_id IN ('000000000000abcd0000000000000001', '000000000000abcd0000000000000002')"] {
                    let sql = "SELECT * FROM \(table) WHERE \(condition) ORDER BY start_timestamp"
                    let answer = try await fixture.rows(sql)
                    #expect(try await answer == fixture.rows(sql + ", span_id"))
                    #expect(answer.contains("pending_span") == (table == "records_all"))
                    #expect(answer.contains(#""url_full":"https://é/\"x\"""#) && answer.contains(#""service_name":"shop""#))
                }
            }
            // The place of a mistake is the same.
            await #expect(throws: QueryError.self) {
                try await fixture.json("SELECT *, nope FROM records WHERE \(Self.trace) ORDER BY start_timestamp")
            }
            await fixture.close()
        }
    }
}
