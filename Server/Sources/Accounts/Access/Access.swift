/// What a request wants to do with a project.
public enum Access: Sendable, Hashable, CaseIterable {
    /// Send telemetry.
    case write
    /// Query it and look at it.
    case read
    /// Change the project's settings and tokens.
    case manage
    /// Change what only owners may: the project itself, members, API keys.
    case administer
}

/// What a request shows of itself.
public struct Credentials: Sendable {
    /// The `Authorization` header or metadata value.
    public var authorization: String?
    /// The value of the session cookie.
    public var session: String?
    /// The project the request is about, as `organization/name` or UUID; nil when it names none.
    public var project: String?

    public init(authorization: String? = nil, session: String? = nil, project: String? = nil) {
        self.authorization = authorization
        self.session = session
        self.project = project
    }
}

/// The outcome for one request.
public struct Grant: Sendable {
    public var project: Project
    /// Who asks.
    public var principal: Principal
    /// Text for the `X-Logfire-Warning` header.
    public var warning: String?
}

/// Why a request was turned away; says no more than the sender may know.
public struct AccessError: Error, CustomStringConvertible {
    /// What went wrong, for code that has to answer with a status.
    public struct Code: Sendable, Equatable {
        private enum Value { case unauthenticated, forbidden, unknownProject }
        private let value: Value
        /// No token, or none that is known: 401, gRPC UNAUTHENTICATED.
        public static let unauthenticated = Code(value: .unauthenticated)
        /// The token is known and does not allow this: 403, gRPC PERMISSION_DENIED.
        public static let forbidden = Code(value: .forbidden)
        /// The request names a project that does not exist, or not for the sender: 404, gRPC NOT_FOUND.
        public static let unknownProject = Code(value: .unknownProject)
    }

    public let code: Code
    /// One sentence: what is needed.
    public let description: String
}
