import Hearth

/// Reads the lines of a streamed answer that arrive in any pieces. Pure; keeps only the line it is in.
struct AnswerReader {
    /// Longer lines are no answer of the query API.
    static let maximumLineBytes = 128 * 1024 * 1024

    private var line: [UInt8] = []
    /// Whether the line that ends the answer has come.
    private(set) var isComplete = false

    /// - Returns: the rows that are complete.
    /// - Throws: what the server says when the query fails on the way.
    mutating func take(_ bytes: [UInt8]) throws(QueryError) -> [AttributeValue] {
        var rows: [AttributeValue] = []
        var start = 0
        while let end = bytes[start...].firstIndex(of: 0x0a) {
            line.append(contentsOf: bytes[start..<end])
            start = end + 1
            let complete = line
            line.removeAll(keepingCapacity: line.capacity < 1024 * 1024)
            if complete.contains(where: { $0 > 0x20 }) { rows += try read(complete) }
        }
        line.append(contentsOf: bytes[start...])
        guard line.count <= Self.maximumLineBytes else { throw QueryError(.malformedAnswer, "a line of the answer is longer than 128 MiB") }
        return rows
    }

    private mutating func read(_ line: [UInt8]) throws(QueryError) -> [AttributeValue] {
        guard case .object(let members)? = JSONReader.value(in: line) else {
            throw QueryError(.malformedAnswer, "a line of the answer is not a JSON object")
        }
        func member(_ key: String) -> AttributeValue? { members.first { $0.key == key }?.value }
        switch member("type") {
        case .string("data"):
            guard case .array(let rows)? = member("rows") else { throw QueryError(.malformedAnswer, "a line of data has no rows") }
            return rows
        case .string("error"):
            throw QueryError(.interrupted, "the query failed before its end: \(member("message")?.text ?? "the server gives no reason")")
        case .string("end"):
            isComplete = true
            return []
        // What newer servers add is not for this reader.
        default:
            return []
        }
    }
}

extension QueryError {
    /// The error of an answer with another status than 200.
    init(status: Int, headers: (String) -> String?, body: [UInt8]) {
        var detail: String?
        var asked = headers("retry-after").flatMap(Double.init)
        if case .object(let members)? = JSONReader.value(in: body) {
            for key in ["detail", "title", "message"] where detail == nil {
                if let value = members.first(where: { $0.key == key })?.value, value != .null { detail = value.text }
            }
            if asked == nil, let seconds = members.first(where: { $0.key == "retry_after" })?.value { asked = Double(seconds.text) }
        }
        let plain = String(decoding: body.prefix(500), as: UTF8.self)
        let code: Code =
            switch status {
            case 400: .executionFailed
            case 401, 403: .unauthorized
            case 422: .invalidRequest
            case 429, 503: .rateLimited
            default: .unexpectedStatus
            }
        self.init(
            code, detail ?? (plain.isEmpty ? "the server answered \(status)" : plain), status: status,
            retryAfter: asked.flatMap { (0...1e9).contains($0) ? .seconds($0) : nil })
    }
}
