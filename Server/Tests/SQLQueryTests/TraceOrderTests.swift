import SQLQuery
import Storage
import Testing

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
            // The place of a mistake is the same.
            await #expect(throws: QueryError.self) {
                try await fixture.json("SELECT *, nope FROM records WHERE \(Self.trace) ORDER BY start_timestamp")
            }
            await fixture.close()
        }
    }
}
