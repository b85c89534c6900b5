/// What a request wants to do with a project.
public enum Access: Sendable, Hashable, CaseIterable {
    /// Send telemetry.
    case write
    /// Query it and look at it.
    case read
    /// Change the project's settings.
    case manage
}

/// The outcome for one request.
public struct Grant: Sendable {
    public var project: Project
    /// Text for the `X-Logfire-Warning` header.
    public var warning: String?
}

/// Why a request was turned away; says no more than the sender may know.
public struct AccessError: Error, CustomStringConvertible {
    /// What went wrong, for code that has to answer with a status.
    public struct Code: Sendable, Equatable {
        private enum Value { case unauthenticated, forbidden }
        private let value: Value
        /// No token, or none that is known: 401, gRPC UNAUTHENTICATED.
        public static let unauthenticated = Code(value: .unauthenticated)
        /// The token is known and does not allow this: 403, gRPC PERMISSION_DENIED.
        public static let forbidden = Code(value: .forbidden)
    }

    public let code: Code
    /// One sentence: what is needed.
    public let description: String
}

/// Finds the project a request belongs to (`logfire-contract.md` §0.2, `acceptance.md` A7).
///
/// On loopback every request belongs to the default project; a token that is missing or unknown is warned about once per
/// token through `X-Logfire-Warning`. On any other address a known token is required.
public struct Authentication: Sendable {
    let isLoopback: Bool
    let defaultProject: Project
    private let warned = OnceSet(limit: 1_000)

    public init(isLoopback: Bool, defaultProject: Project) {
        self.isLoopback = isLoopback
        self.defaultProject = defaultProject
    }

    /// - Parameter authorization: the `Authorization` header or metadata value, nil when the request has none.
    /// - Throws: ``AccessError`` when a token is required and not known, or does not allow `access`.
    public func authorize(_ authorization: String?, for access: Access) throws(AccessError) -> Grant {
        let token = Self.token(authorization)
        guard isLoopback else {
            throw AccessError(code: .unauthenticated, description: "a valid token is required in the Authorization header")
        }
        guard let token else { return Grant(project: defaultProject, warning: nil) }
        let warning = warned.insert(token) ? "unknown token; on loopback everything goes to \(defaultProject.path)" : nil
        return Grant(project: defaultProject, warning: warning)
    }

    /// The token of a header that is bare or has a `Bearer` scheme of any case; nil when there is none.
    static func token(_ header: String?) -> String? {
        guard var value = header.map({ Substring($0) }) else { return nil }
        value = value.drop { $0 == " " }
        if value.count >= 7, value.prefix(7).lowercased() == "bearer " { value = value.dropFirst(7) }
        let token = value.drop { $0 == " " }
        return token.isEmpty ? nil : String(token)
    }
}

extension Project {
    /// `organization/name`, as in URLs.
    public var path: String { "\(organization)/\(name)" }
}
