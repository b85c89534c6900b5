import Foundation

/// SQL through `POST /v2/query`, as the web UI asks.
struct QueryClient {
    private let client: HTTPClient

    init(port: Int) {
        client = HTTPClient(port: port)
    }

    /// The rows, or the server's complaint.
    func rows(_ sql: String) throws(BenchError) -> [[String: Any]] {
        let answer = try send(sql)
        guard let document = try? JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any],
            let rows = document["data"] as? [[String: Any]]
        else {
            throw BenchError("not a query's answer: \(answer.text.prefix(300))")
        }
        return rows
    }

    @discardableResult
    func send(_ sql: String) throws(BenchError) -> HTTPClient.Answer {
        let request: [String: Any] = ["sql": sql, "min_timestamp": "2000-01-01T00:00:00Z", "limit": 10_000]
        guard let body = try? JSONSerialization.data(withJSONObject: request) else { throw BenchError("the query is not text") }
        let answer = try client.exchange("POST", "/v2/query", Array(body))
        guard answer.status == 200 else {
            throw BenchError("the query was answered with \(answer.status): \(answer.text.prefix(300))\n\(sql)")
        }
        return answer
    }
}
