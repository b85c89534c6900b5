import HTTPTypes

/// Reads typed values out of URL parameters, with errors that name the parameter.
enum QueryParameters {
    /// The text, nil when absent or blank.
    static func text(_ value: Substring?) -> String? {
        guard let value, value.contains(where: { !$0.isWhitespace }) else { return nil }
        return String(value)
    }

    static func integer(_ value: Substring?, name: String, default fallback: Int, in range: ClosedRange<Int>) throws(APIError) -> Int {
        guard let value, !value.isEmpty else { return fallback }
        guard let number = Int(value), range.contains(number) else {
            throw APIError(.unprocessableContent, "\(name) must be an integer between \(range.lowerBound) and \(range.upperBound), not \(value)")
        }
        return number
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
