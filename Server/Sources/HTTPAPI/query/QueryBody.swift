import FoundationEssentials
import HTTPTypes

/// The JSON body of `POST /v2/query` (`logfire-contract.md` §4.5).
struct QueryBody: Decodable {
    var sql: String
    var minTimestamp: String?
    var maxTimestamp: String?
    var limit: Int?
    var timezone: String?
    var deploymentEnvironment: [String]?
    var explain: Bool?
    var includeSchema: Bool?

    enum CodingKeys: String, CodingKey {
        case sql, limit, timezone, explain
        case minTimestamp = "min_timestamp"
        case maxTimestamp = "max_timestamp"
        case deploymentEnvironment = "deployment_environment"
        case includeSchema = "include_schema"
    }

    /// Decodes `bytes`.
    /// - Throws: ``APIError`` 422 that names the field.
    static func decode(_ bytes: [UInt8]) throws(APIError) -> QueryBody {
        do {
            return try JSONDecoder().decode(QueryBody.self, from: Data(bytes))
        } catch let error as DecodingError {
            throw APIError(.unprocessableContent, describe(error))
        } catch {
            throw APIError(.unprocessableContent, "the body is not the JSON of a query: \(error)")
        }
    }

    private static func describe(_ error: DecodingError) -> String {
        func path(_ context: DecodingError.Context, _ last: (any CodingKey)? = nil) -> String {
            (context.codingPath + (last.map { [$0] } ?? [])).map(\.stringValue).joined(separator: ".")
        }
        switch error {
        case .keyNotFound(let key, let context): return "the field \(path(context, key)) is missing"
        case .typeMismatch(let type, let context): return "the field \(path(context)) must be \(type)"
        case .valueNotFound(let type, let context): return "the field \(path(context)) must be \(type), not null"
        case .dataCorrupted(let context): return "the body is not valid JSON: \(context.debugDescription)"
        @unknown default: return "the body is not the JSON of a query"
        }
    }
}
