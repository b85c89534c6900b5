import HTTPTypes
import SQLQuery

/// Picks the form of a result from an `Accept` header (RFC 9110 §12.5.1, `logfire-contract.md` §4.5).
enum ResultNegotiation {
    /// - Parameter json: the JSON form of the API's version, also for a client that says nothing or anything.
    /// - Throws: ``APIError`` 406 when the client accepts nothing that is offered.
    static func format(accept: String?, json: ResultFormat) throws(APIError) -> ResultFormat {
        guard let accept, accept.contains(where: { !$0.isWhitespace }) else { return json }
        var best: (format: ResultFormat, quality: Double)?
        for entry in accept.lowercased().split(separator: ",") {
            let parts = entry.split(separator: ";").map { $0.filter { !$0.isWhitespace } }
            guard let type = parts.first, let format = offered(type, json: json) else { continue }
            let quality = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            // Of equal ones the first wins; q=0 means "not this".
            if quality > 0, quality > best?.quality ?? 0 { best = (format, quality) }
        }
        guard let best else {
            throw APIError(
                .notAcceptable,
                """
                results are available as application/json, application/x-ndjson, text/csv, application/vnd.apache.arrow.stream and \
                application/vnd.apache.parquet, not as \(accept)
                """)
        }
        return best.format
    }

    private static func offered(_ type: String, json: ResultFormat) -> ResultFormat? {
        switch type {
        case "application/json", "application/*", "*/*": json
        case "application/x-ndjson": .ndjson
        case "text/csv", "text/*": .csv
        case "application/vnd.apache.arrow.stream": .arrow
        case "application/vnd.apache.parquet": .parquet
        default: nil
        }
    }
}
