import HTTPTypes
import Hummingbird

/// The URL parameters that queries and the live view know, and the typed values in them; errors name the parameter.
///
/// Decoded as HTML forms are, where `+` is a space: that is how clients write SQL into an address.
struct QueryParameters: Decodable {
    var sql: String?
    var limit: String?
    var minTimestamp: String?
    var maxTimestamp: String?
    var jsonRows: String?
    /// The live view's filter.
    var q: String?
    /// The live stream's last sequence.
    var after: String?

    enum CodingKeys: String, CodingKey {
        case sql, limit, q, after
        case minTimestamp = "min_timestamp"
        case maxTimestamp = "max_timestamp"
        case jsonRows = "json_rows"
    }

    static func decode(_ request: Request, _ context: HearthRequestContext) throws(APIError) -> QueryParameters {
        do {
            return try request.uri.decodeQuery(context: context)
        } catch {
            throw APIError(.unprocessableContent, "the parameters of the address cannot be read: \(request.uri.query ?? "")")
        }
    }

    /// The text, nil when absent or blank.
    static func text(_ value: String?) -> String? {
        guard let value, value.contains(where: { !$0.isWhitespace }) else { return nil }
        return value
    }

    static func integer(_ value: String?, name: String, default fallback: Int, in range: ClosedRange<Int>) throws(APIError) -> Int {
        guard let value, !value.isEmpty else { return fallback }
        guard let number = Int(value), range.contains(number) else {
            throw APIError(
                .unprocessableContent, "\(name) must be an integer between \(range.lowerBound) and \(range.upperBound), not \(value)")
        }
        return number
    }

    /// `min_timestamp` and `max_timestamp` in microseconds since the Unix epoch.
    func window() throws(APIError) -> (min: Int64?, max: Int64?) {
        try Self.window(min: minTimestamp, max: maxTimestamp)
    }

    /// Bounds in microseconds since the Unix epoch.
    static func window(min: String?, max: String?) throws(APIError) -> (min: Int64?, max: Int64?) {
        (try timestamp(min, name: "min_timestamp"), try timestamp(max, name: "max_timestamp"))
    }

    private static func timestamp(_ value: String?, name: String) throws(APIError) -> Int64? {
        guard let value, !value.isEmpty else { return nil }
        guard let time = Timestamp.microseconds(value) else {
            throw APIError(.unprocessableContent, "\(name) must be an ISO 8601 timestamp such as 2026-01-31T12:00:00Z, not \(value)")
        }
        return time
    }
}
