public import Foundation
import GRDB

/// Which tokens to list.
public struct TokenFilter: Sendable {
    public var kinds: [TokenKind]?
    public var projectID: Int32?
    /// Empty means none.
    public var organizations: [String]?
    public var userID: String?
    /// Also those that were revoked.
    public var includesRevoked = false

    public init(
        kinds: [TokenKind]? = nil, projectID: Int32? = nil, organizations: [String]? = nil, userID: String? = nil,
        includesRevoked: Bool = false
    ) {
        self.kinds = kinds
        self.projectID = projectID
        self.organizations = organizations
        self.userID = userID
        self.includesRevoked = includesRevoked
    }
}

extension ControlStore {
    /// Makes a token; its text is in the answer and nowhere else.
    ///
    /// - Throws: `invalid` for the description or an expiry that has passed.
    public func issue(_ request: TokenRequest) async throws(ControlStoreError) -> IssuedToken {
        try AccountNames.checkText(request.description, field: "description")
        let now = Date()
        if let expiry = request.expiresAt, expiry <= now { throw .invalid("expires_at", "the expiry must lie in the future") }
        let secret = SecretText.token()
        let token = Token(
            id: SecretText.uuid(), kind: request.kind, hash: SecretHash(secret).data, safePart: SecretText.safePart(secret),
            organization: request.organization, projectID: request.projectID, userID: request.userID, role: request.role,
            description: request.description, createdAt: now, createdByName: request.createdByName, expiresAt: request.expiresAt)
        try await write { try token.insert($0) }
        return IssuedToken(token: token, secret: secret)
    }

    /// The tokens that match, newest first.
    public func tokens(_ filter: TokenFilter = TokenFilter()) async throws(ControlStoreError) -> [Token] {
        try await read { database in
            var request = Token.order(Column("created_at").desc, Column("id"))
            if let kinds = filter.kinds { request = request.filter(kinds.map(\.rawValue).contains(Column("kind"))) }
            if let project = filter.projectID { request = request.filter(Column("project_id") == project) }
            if let names = filter.organizations { request = request.filter(names.contains(Column("organization"))) }
            if let user = filter.userID { request = request.filter(Column("user_id") == user) }
            if !filter.includesRevoked { request = request.filter(Column("revoked_at") == nil) }
            return try request.fetchAll(database)
        }
    }

    /// The token with this id that was not revoked.
    public func token(id: String) async throws(ControlStoreError) -> Token {
        let found = try await read { try Token.filter(Column("id") == id && Column("revoked_at") == nil).fetchOne($0) }
        guard let found else { throw .notFound("there is no such token") }
        return found
    }

    /// Ends a token for good. It stays known, so that it is refused and not mistaken for one that never was.
    public func revokeToken(_ id: String) async throws(ControlStoreError) {
        try await change(id, "revoked_at", Date())
    }

    /// Lets a token run out now; it stays in lists.
    public func expireToken(_ id: String) async throws(ControlStoreError) {
        try await change(id, "expires_at", Date())
    }

    /// Makes a token like another one, which ends after `grace`.
    ///
    /// - Parameter grace: seconds the old token still works; 0 ends it at once.
    public func rotateToken(
        _ id: String, grace: TimeInterval, createdByName: String?
    ) async throws(ControlStoreError) -> IssuedToken {
        let old = try await token(id: id)
        guard old.isActive(at: Date()) else { throw .conflict("the token has expired; make a new one instead") }
        guard (0...(365 * 86_400)).contains(grace) else { throw .invalid("grace_period_hours", "between 0 and 8760 hours") }
        let secret = SecretText.token()
        var new = old
        new.id = SecretText.uuid()
        new.hash = SecretHash(secret).data
        new.safePart = SecretText.safePart(secret)
        new.createdAt = Date()
        new.createdByName = createdByName
        new.lastUsedAt = nil
        let token = new
        try await write { database in
            try token.insert(database)
            let end = Date().addingTimeInterval(grace)
            let column = grace > 0 ? "expires_at" : "revoked_at"
            let until = grace > 0 ? min(end, old.expiresAt ?? end) : end
            try database.execute(sql: "UPDATE token SET \(column) = ? WHERE id = ?", arguments: [until, id])
        }
        return IssuedToken(token: token, secret: secret)
    }

    /// Stores when tokens and sessions were last used, and forgets what has run out.
    func tidy(tokensUsed: [String: Date], sessionsUsed: [String: Date]) async throws(ControlStoreError) {
        try await write { database in
            for (id, time) in tokensUsed {
                try database.execute(sql: "UPDATE token SET last_used_at = ? WHERE id = ?", arguments: [time, id])
            }
            for (id, time) in sessionsUsed {
                try database.execute(
                    sql: "UPDATE session SET last_used_at = ?, expires_at = ? WHERE id = ?",
                    arguments: [time, time.addingTimeInterval(Session.lifetime), id])
            }
            let now = Date()
            try database.execute(sql: "DELETE FROM session WHERE expires_at < ?", arguments: [now])
            try database.execute(sql: "DELETE FROM password_link WHERE expires_at < ?", arguments: [now])
        }
    }

    private func change(_ id: String, _ column: String, _ value: Date) async throws(ControlStoreError) {
        let changed = try await write { database in
            try database.execute(
                sql: "UPDATE token SET \(column) = ? WHERE id = ? AND revoked_at IS NULL", arguments: [value, id])
            return database.changesCount
        }
        if changed == 0 { throw .notFound("there is no such token") }
    }
}
