import Foundation
import NIOHTTP1

/// Reads a table of a server piece by piece, in order of time.
struct ExportPages {
    /// A table and how it can be cut.
    struct Table {
        var name: String
        var time = "start_timestamp"
        /// Rows are those of their own time: the window of the request can be narrowed. Otherwise rows put together what lies within the window,
        /// and only a condition on the finished rows cuts it.
        var isPlain: Bool
        /// SQL condition on rows.
        var condition: String?
    }

    let client: ServerClient
    let table: Table
    let columns: [String]
    /// ISO 8601; all of it when nil.
    let since: String?
    let until: String?
    var pageRows: Int

    private struct Body: Encodable {
        var sql: String
        var minTimestamp: String
        var maxTimestamp: String?
        var limit = 10_000
    }

    private static let earliest = "0001-01-01T00:00:00Z"

    /// Rows in all.
    func count() async throws -> Int {
        let rows = try await rows("SELECT count(*) AS n FROM \(table.name)\(filter([]))", since ?? Self.earliest, until)
        return rows.first?["n"]?.int.map { Int($0) } ?? 0
    }

    /// Whether the server knows a column.
    func knows(_ column: String) async throws -> Bool {
        do {
            _ = try await rows("SELECT \(column) FROM \(table.name) LIMIT 0", since ?? Self.earliest, until)
            return true
        } catch let error as ServerClient.Failure where error.status == 400 {
            return false
        }
    }

    /// Calls `page` for every piece with the bytes of its rows in a format.
    func each(_ format: QueryCommand.Format, _ page: ([UInt8]) async throws -> Void) async throws {
        var after: String?
        var size = pageRows
        while true {
            // A page ends with the last row of one time, so that rows of the same time are never torn apart.
            let end = try await boundary(after, offset: size)
            let conditions = [after.map { "\(table.time) > '\($0)'" }, end.map { "\(table.time) <= '\($0)'" }].compactMap(\.self)
            let window = table.isPlain ? (after ?? since ?? Self.earliest, end ?? until) : (since ?? Self.earliest, until)
            do {
                for part in try await parts(conditions, window) {
                    let sql = "SELECT \(columns.joined(separator: ", ")) FROM \(table.name)\(filter(conditions)) \(part)"
                    try await page(try await send(sql, window.0, window.1, format))
                }
            } catch let error as ServerClient.Failure where error.status == 400 && Self.isTooLarge(error) && size > 1 {
                size = max(1, size / 4)
                continue
            }
            guard let end else { return }
            after = end
            size = min(pageRows, size * 2)
        }
    }

    /// The ends of the statements that read a page: one, unless more rows have the same time than an answer may hold.
    private func parts(_ conditions: [String], _ window: (String, String?)) async throws -> [String] {
        let limit = 10_000
        let counted = try await rows("SELECT count(*) AS n FROM \(table.name)\(filter(conditions))", window.0, window.1)
        let count = Int(counted.first?["n"]?.int ?? 0)
        if count <= limit { return ["ORDER BY \(table.time)"] }
        return stride(from: 0, to: count, by: limit).map { "ORDER BY ALL LIMIT \(limit) OFFSET \($0)" }
    }

    /// The time of the last row of the next page; nil when the page is the last one.
    private func boundary(_ after: String?, offset: Int) async throws -> String? {
        let conditions = after.map { ["\(table.time) > '\($0)'"] } ?? []
        let sql = "SELECT \(table.time) AS t FROM \(table.name)\(filter(conditions)) ORDER BY 1 LIMIT 1 OFFSET \(offset - 1)"
        return try await rows(sql, table.isPlain ? after ?? since ?? Self.earliest : since ?? Self.earliest, until).first?["t"]?.string
    }

    private func filter(_ conditions: [String]) -> String {
        let all = conditions + (table.condition.map { [$0] } ?? [])
        return all.isEmpty ? "" : " WHERE " + all.joined(separator: " AND ")
    }

    private func rows(_ sql: String, _ since: String, _ until: String?) async throws -> [AnswerJSON] {
        Self.rows(try await send(sql, since, until, .json))
    }

    /// Rows of an answer, with what is nested inside their columns kept as it was written.
    static func rows(_ json: [UInt8]) -> [AnswerJSON] { (try? JSONParser.parse(json, rawBelow: 4))?["data"]?.array ?? [] }

    private func send(_ sql: String, _ since: String, _ until: String?, _ format: QueryCommand.Format) async throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        let body = try encoder.encode(Body(sql: sql, minTimestamp: since, maxTimestamp: until))
        return try await Patience.retrying {
            try await client.send(
                .POST, "/v2/query", body: [UInt8](body), headers: ["Accept": format.mediaType + ", application/problem+json;q=0.9"])
        }
    }

    private static func isTooLarge(_ failure: ServerClient.Failure) -> Bool {
        (try? JSONParser.parse(failure.body))?["code"]?.string == "too_large"
    }
}

/// Tries again when a server is busy.
enum Patience {
    /// Repeats `body` for some minutes while it fails with 429 or 503, or because the connection was lost after a first success elsewhere.
    static func retrying<Value>(attempts: Int = 30, _ body: () async throws -> Value) async throws -> Value {
        var wait = 0.5
        for _ in 1..<attempts {
            do { return try await body() } catch let error as ServerClient.Failure where error.exitCode == 75 {
                try await Task.sleep(for: .seconds(wait))
                wait = min(wait * 2, 15)
            }
        }
        return try await body()
    }
}
