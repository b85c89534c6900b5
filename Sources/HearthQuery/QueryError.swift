/// Why a query has no answer.
public struct QueryError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong.
    public struct Code: Sendable, Hashable {
        private enum Value {
            case invalidAddress, secureTransportMissing, invalidRequest, executionFailed, unauthorized, rateLimited, unexpectedStatus,
                unreachable,
                interrupted, timedOut, malformedAnswer, undecodableRow, cancelled
        }
        private let value: Value
        /// The address cannot be read.
        public static let invalidAddress = Code(value: .invalidAddress)
        /// `https` needs the trait `HTTPClient` and its transport.
        public static let secureTransportMissing = Code(value: .secureTransportMissing)
        /// The server refuses the request as it stands, such as a limit that is too high (422).
        public static let invalidRequest = Code(value: .invalidRequest)
        /// The statement is wrong, not allowed, or took too long (400).
        public static let executionFailed = Code(value: .executionFailed)
        /// The token is missing, wrong or may not read (401, 403).
        public static let unauthorized = Code(value: .unauthorized)
        /// Too many queries at once (429, 503); see ``QueryError/retryAfter``.
        public static let rateLimited = Code(value: .rateLimited)
        /// Any other status.
        public static let unexpectedStatus = Code(value: .unexpectedStatus)
        /// No connection could be made.
        public static let unreachable = Code(value: .unreachable)
        /// The answer ended before its end: the connection broke, or the query failed on the way.
        public static let interrupted = Code(value: .interrupted)
        /// No answer within the time of the client.
        public static let timedOut = Code(value: .timedOut)
        /// The answer is not what the query API describes.
        public static let malformedAnswer = Code(value: .malformedAnswer)
        /// A row does not fit the type that was asked for.
        public static let undecodableRow = Code(value: .undecodableRow)
        /// The task was cancelled.
        public static let cancelled = Code(value: .cancelled)
    }

    /// What went wrong, for code that has to decide.
    public let code: Code
    /// The server's text where it sent one.
    public let message: String
    /// HTTP status; nil when there was no answer.
    public let status: Int?
    /// How long to wait before asking again; nil when the server does not say.
    public let retryAfter: Duration?

    /// Text and status.
    public var description: String { status.map { "\(message) (status \($0))" } ?? message }

    init(_ code: Code, _ message: String, status: Int? = nil, retryAfter: Duration? = nil) {
        self.code = code
        self.message = message
        self.status = status
        self.retryAfter = retryAfter
    }
}
