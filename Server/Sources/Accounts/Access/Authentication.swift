import Foundation

/// Decides about requests (`logfire-contract.md` §0.2, `acceptance.md` A7).
///
/// A known token acts as what it is, wherever the server listens; one that has ended is refused. On loopback a request without
/// a known token is the local owner's, and one with an unknown token is warned about once per token through
/// `X-Logfire-Warning`. On any other address such requests are refused.
public struct Authentication: Sendable {
    /// Whether requests without a login are the local owner's.
    public let isLoopback: Bool
    let defaultProject: Project
    public let directory: AccountDirectory
    private let warned = OnceSet(limit: 1_000)

    public init(isLoopback: Bool, defaultProject: Project, directory: AccountDirectory) {
        self.isLoopback = isLoopback
        self.defaultProject = defaultProject
        self.directory = directory
    }

    /// The same for a second listener: requests without a login are trusted there only when `isLoopback`, too.
    public func trustingLoopback(_ isLoopback: Bool) -> Authentication {
        Authentication(isLoopback: self.isLoopback && isLoopback, defaultProject: defaultProject, directory: directory)
    }

    /// - Parameter authorization: the `Authorization` header or metadata value, nil when the request has none.
    /// - Throws: ``AccessError`` when a token is required and not known, or does not allow `access`.
    public func authorize(_ authorization: String?, for access: Access) throws(AccessError) -> Grant {
        try authorize(Credentials(authorization: authorization), for: access)
    }

    /// Who asks, with which project, and whether that is allowed.
    ///
    /// - Throws: ``AccessError``: `unauthenticated`, `forbidden`, or `unknownProject` when the project does not exist or is
    ///   none of the sender's.
    public func authorize(_ credentials: Credentials, for access: Access) throws(AccessError) -> Grant {
        let snapshot = directory.snapshot
        let (principal, warning) = try identify(credentials, snapshot)
        let project = try project(for: principal, named: credentials.project, access, snapshot)
        guard principal.allows(access, project) else {
            throw AccessError(code: .forbidden, description: Self.refusal(principal, access))
        }
        return Grant(project: project, principal: principal, warning: warning)
    }

    /// Who asks, for requests that are about no single project.
    ///
    /// - Throws: ``AccessError`` `unauthenticated`.
    public func principal(_ credentials: Credentials) throws(AccessError) -> Principal {
        try identify(credentials, directory.snapshot).principal
    }

    private func identify(
        _ credentials: Credentials, _ snapshot: DirectorySnapshot
    ) throws(AccessError) -> (principal: Principal, warning: String?) {
        let now = Date()
        if let secret = Self.token(credentials.authorization) {
            if let token = snapshot.tokens[SecretHash(secret)] { return (try principal(of: token, now, snapshot), nil) }
            guard isLoopback else { throw Self.unauthenticated }
            let isNew = warned.insert(secret)
            return (
                Principal(kind: .localOwner, roles: [:]),
                isNew ? "unknown token; on loopback everything goes to \(defaultProject.path)" : nil
            )
        }
        if isLoopback { return (Principal(kind: .localOwner, roles: [:]), nil) }
        guard let cookie = credentials.session, let session = snapshot.sessions[SecretHash(cookie)], session.expiresAt > now,
            let user = snapshot.users[session.userID]
        else { throw Self.unauthenticated }
        directory.touch(session: session.id, at: now)
        return (Principal(kind: .user(user, session: session.id), roles: snapshot.roles[user.id] ?? [:]), nil)
    }

    private func principal(of token: Token, _ now: Date, _ snapshot: DirectorySnapshot) throws(AccessError) -> Principal {
        guard token.revokedAt == nil else {
            throw AccessError(code: .unauthenticated, description: "the token \(token.safePart) was revoked; use another one")
        }
        guard token.isActive(at: now) else {
            throw AccessError(code: .unauthenticated, description: "the token \(token.safePart) has expired; use another one")
        }
        directory.touch(token: token.id, at: now)
        guard token.kind == .user else { return Principal(kind: .token(token), roles: [:]) }
        if let userID = token.userID {
            guard let user = snapshot.users[userID] else { throw Self.unauthenticated }
            return Principal(kind: .user(user, session: nil), roles: snapshot.roles[userID] ?? [:])
        }
        // Approved on loopback, where nobody is signed in: of no use once the server listens elsewhere.
        guard isLoopback else { throw Self.unauthenticated }
        return Principal(kind: .localOwner, roles: [:])
    }

    private func project(
        for principal: Principal, named name: String?, _ access: Access, _ snapshot: DirectorySnapshot
    ) throws(AccessError) -> Project {
        if let name {
            guard let project = snapshot.project(name), principal.sees(project) else {
                throw AccessError(code: .unknownProject, description: "there is no project \(name) for this login")
            }
            return project
        }
        if let only = principal.onlyProject {
            guard let project = snapshot.projects[only] else { throw Self.unauthenticated }
            return project
        }
        if case .localOwner = principal.kind { return defaultProject }
        let candidates = snapshot.projects.values.filter { principal.sees($0) }
        if case .token = principal.kind, candidates.count > 1 {
            throw AccessError(
                code: .forbidden,
                description:
                    "this API key belongs to \(candidates.count) projects; name one in the header X-Hearth-Project: organization/project")
        }
        guard let first = candidates.first(where: { $0.id == defaultProject.id }) ?? candidates.min(by: { $0.path < $1.path }) else {
            throw AccessError(code: .forbidden, description: "this login belongs to no project; ask an owner to add it to an organisation")
        }
        return first
    }

    private static let unauthenticated = AccessError(
        code: .unauthenticated, description: "a valid token is required in the Authorization header, or sign in")

    private static func refusal(_ principal: Principal, _ access: Access) -> String {
        if case .token(let token) = principal.kind, token.kind != .apiKey {
            return token.kind == .write
                ? "this is a write token: it sends telemetry; use a read token or an API key here"
                : "this is a read token: it queries; use a write token to send telemetry, an API key for anything else"
        }
        return switch access {
        case .read: "this login may not read the project"
        case .write, .manage: "this needs the role member; yours is viewer"
        case .administer: "this needs the role owner"
        }
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
