/// Why a query was refused or failed.
public struct QueryError: Error, Sendable, Equatable {
    /// The kind of failure; decides the HTTP status.
    public struct Code: Sendable, Hashable {
        let name: String
        /// HTTP status that answers the failure.
        public let status: Int
        /// Short text for `title` of problem+json.
        public let title: String
        /// Whether the same request can succeed later.
        public let isRetryable: Bool

        init(_ name: String, _ status: Int, _ title: String, isRetryable: Bool = false) {
            self.name = name
            self.status = status
            self.title = title
            self.isRetryable = isRetryable
        }

        /// The text is not SQL that the engine can parse.
        public static let syntax = Code("syntax", 400, "SQL syntax error")
        /// A statement, function or form that queries may not use.
        public static let notAllowed = Code("not_allowed", 400, "Not allowed in queries")
        /// A table that does not exist for queries.
        public static let unknownTable = Code("unknown_table", 400, "Unknown table")
        /// Longer, deeper or with more terms than the limits allow.
        public static let tooComplex = Code("too_complex", 400, "Query too complex")
        /// The engine could not bind or run the query.
        public static let execution = Code("execution", 400, "Query failed")
        /// The query ran into its deadline.
        public static let deadline = Code("deadline", 400, "Query timed out")
        /// The result exceeded the byte cap.
        public static let tooLarge = Code("too_large", 400, "Result too large")
        /// The query needed more memory than the engine has.
        public static let outOfMemory = Code("out_of_memory", 400, "Out of memory")
        /// A limit or timestamp of the request is out of range.
        public static let invalidRequest = Code("invalid_request", 422, "Invalid request")
        /// Too many queries are running or waiting.
        public static let tooMany = Code("too_many", 429, "Too many queries", isRetryable: true)
        /// The store cannot answer at the moment.
        public static let unavailable = Code("unavailable", 503, "Store unavailable", isRetryable: true)
        /// The caller went away.
        public static let cancelled = Code("cancelled", 499, "Cancelled")
    }

    public var code: Code
    /// What is wrong; the engine's own words where it refused.
    public var message: String
    /// 0-based offset in Unicode scalars into the text as it was sent, when the place is known.
    public var position: Int?
    /// Seconds after which a retry makes sense.
    public var retryAfter: Int?

    public init(code: Code, message: String, position: Int? = nil, retryAfter: Int? = nil) {
        self.code = code
        self.message = message
        self.position = position
        self.retryAfter = retryAfter
    }

    /// HTTP status that answers this failure (`logfire-contract.md` §4.5).
    public var status: Int { code.status }
}

extension QueryError {
    /// The body of an `application/problem+json` answer. `error_details` carries what clients of API version 1 read.
    public func problemJSON() -> [UInt8] {
        var json = JSONText()
        json.raw("{\"type\":\"about:blank\",\"title\":")
        json.string(code.title)
        json.raw(",\"status\":\(status),\"detail\":")
        json.string(message)
        json.raw(",\"code\":")
        json.string(code.name)
        if let position { json.raw(",\"position\":\(position)") }
        json.raw(",\"retryable\":\(code.isRetryable)")
        if let retryAfter { json.raw(",\"retry_after\":\(retryAfter)") }
        json.raw(",\"error_details\":{\"detail\":")
        json.string(message)
        json.raw("}}")
        return json.bytes
    }
}
