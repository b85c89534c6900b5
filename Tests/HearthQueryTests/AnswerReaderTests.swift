import Hearth
import Testing

@testable import HearthQuery

@Suite struct AnswerReaderTests {
    private let answer = """
        {"type":"schema","schema":{"fields":[]}}
        {"type":"data","rows":[{"n":1},{"n":2}]}

        {"type":"data","rows":[{"n":3}]}
        {"type":"something-new"}
        {"type":"end","row_count":3}

        """

    @Test(arguments: [1, 2, 7, 50, 1000])
    func rowsComeInWhateverPieces(_ size: Int) throws {
        var reader = AnswerReader()
        var rows: [AttributeValue] = []
        let bytes = Array(answer.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            #expect(!reader.isComplete)
            rows += try reader.take(Array(bytes[start..<min(start + size, bytes.count)]))
        }
        #expect(reader.isComplete)
        #expect(rows == [.object([Attribute("n", 1)]), .object([Attribute("n", 2)]), .object([Attribute("n", 3)])])
    }

    @Test func failuresOnTheWayAreErrors() {
        var reader = AnswerReader()
        let error = #expect(throws: QueryError.self) { _ = try reader.take(Array("{\"type\":\"error\",\"message\":\"too slow\"}\n".utf8)) }
        #expect(error?.code == .interrupted)
        #expect(error?.message.contains("too slow") == true)
        for line in ["nonsense\n", "[]\n", "{\"type\":\"data\"}\n"] {
            var reader = AnswerReader()
            let error = #expect(throws: QueryError.self) { _ = try reader.take(Array(line.utf8)) }
            #expect(error?.code == .malformedAnswer)
        }
    }

    @Test func problemsKeepTheServersText() {
        let problem = Array(#"{"title":"Bad Request","detail":"no such table: x","retry_after":3}"#.utf8)
        let error = QueryError(status: 400, headers: { _ in nil }, body: problem)
        #expect(error.code == .executionFailed && error.message == "no such table: x" && error.retryAfter == .seconds(3))
        let busy = QueryError(status: 429, headers: { $0 == "retry-after" ? "7" : nil }, body: problem)
        #expect(busy.code == .rateLimited && busy.retryAfter == .seconds(7))
        #expect(QueryError(status: 502, headers: { _ in nil }, body: Array("<html>".utf8)).message == "<html>")
        #expect(QueryError(status: 404, headers: { _ in nil }, body: []).code == .unexpectedStatus)
    }

    @Test func requestsHaveTheOptions() throws {
        let options = QueryOptions(
            minimumTimestamp: QueryTimestamp(microseconds: 0), maximumTimestamp: QueryTimestamp(microseconds: 1_000_000), limit: 7,
            timezone: "Europe/Berlin",
            deploymentEnvironments: ["", "test"])
        #expect(
            String(decoding: QueryClient.body("SELECT \"a\"", options), as: UTF8.self)
                == #"{"sql":"SELECT \"a\"","min_timestamp":"1970-01-01T00:00:00.000000Z","limit":7,"max_timestamp":"1970-01-01T00:00:01.000000Z","#
                + #""timezone":"Europe/Berlin","deployment_environment":["","test"]}"#)
    }

    @Test func addressesAreChecked() {
        #expect(throws: QueryError.self) { try QueryClient(baseURL: "ftp://x") }
        let secure = #expect(throws: QueryError.self) { try QueryClient(baseURL: "https://localhost") }
        #expect(secure?.code == .secureTransportMissing)
        #expect(throws: QueryError.self) { try QueryClient(baseURL: "http://localhost", readToken: "a\r\nb") }
    }

    @Test func noServerIsAnError() async throws {
        let client = try QueryClient(baseURL: "http://127.0.0.1:9", timeout: .seconds(5))
        await #expect { _ = try await client.rows("SELECT 1 AS n", as: [String: Int].self) } throws: {
            ($0 as? QueryError)?.code == .unreachable
        }
    }
}
