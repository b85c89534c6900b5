import SQLQuery
import Testing

@testable import HTTPAPI

@Suite("The form of a result")
struct ResultNegotiationTests {
    @Test(arguments: [
        (nil, ResultFormat.rows),
        ("", .rows),
        ("*/*", .rows),
        ("application/json", .rows),
        ("application/json, application/problem+json;q=0.9", .rows),
        ("text/csv, application/problem+json;q=0.9", .csv),
        ("application/vnd.apache.arrow.stream, application/problem+json;q=0.9", .arrow), ("application/vnd.apache.parquet", .parquet),
        ("application/json;q=0.5, application/x-ndjson", .ndjson),
        ("application/json;q=0, text/csv;q=0.1", .csv),
    ])
    func picks(accept: String?, format: ResultFormat) throws {
        #expect(try ResultNegotiation.format(accept: accept, json: .rows) == format)
    }

    @Test(arguments: ["application/vnd.apache.arrow.file", "application/problem+json", "application/json;q=0"])
    func refuses(accept: String) {
        #expect(throws: APIError.self) { try ResultNegotiation.format(accept: accept, json: .rows) }
    }
}
