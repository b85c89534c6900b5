import Hearth
import HearthExport
import HearthQuery
import Testing

/// Answers in the place of a server behind TLS.
private struct AnsweringConnection: SecureConnection {
    var status = 200
    var answer: String

    func post(
        _ body: [UInt8], url: String, headers: [(name: String, value: String)], bodyLimit: Int, deadline: UInt64
    ) throws(HTTPError) -> HTTPResponse {
        guard url == "https://example.com/v2/query", headers.contains(where: { $0.name == "Authorization" && $0.value == "Bearer t" })
        else {
            throw .malformed("another request")
        }
        var response = HTTPResponse()
        response.status = status
        response.body = Array(answer.utf8)
        return response
    }
}

@Suite struct SecureQueryTests {
    private struct Row: Decodable, Sendable, Equatable { var n: Int }

    /// In a process of its own: the transport is one for the whole process.
    @Test func answersComeThroughTheRegisteredTransport() async {
        await #expect(processExitsWith: .success) {
            let data = #"{"type":"data","rows":[{"n":1},{"n":2}]}"#
            SecureTransport.register(AnsweringConnection(answer: data + "\n{\"type\":\"end\",\"row_count\":2}\n"))
            let client = try QueryClient(baseURL: "https://example.com", readToken: "t")
            #expect(try await client.rows("SELECT 1 AS n", as: Row.self) == [Row(n: 1), Row(n: 2)])
            SecureTransport.register(AnsweringConnection(answer: data + "\n"))
            await #expect { _ = try await client.rows("SELECT 1 AS n", as: Row.self) } throws: { ($0 as? QueryError)?.code == .interrupted }
            SecureTransport.register(AnsweringConnection(status: 401, answer: #"{"detail":"no such token"}"#))
            await #expect { _ = try await client.rows("SELECT 1 AS n", as: Row.self) } throws: {
                ($0 as? QueryError).map { $0.code == .unauthorized && $0.message == "no such token" } ?? false
            }
        }
    }
}
