import Foundation
import GRDB

/// A new session: what the cookie holds is known only now.
public struct OpenedSession: Sendable {
    public var session: Session
    public var cookie: String
}

extension ControlStore {
    /// Sets a password and ends the user's sessions but `kept`.
    public func setPassword(_ password: PasswordHash, user userID: String, keeping kept: String? = nil) async throws(ControlStoreError) {
        try await write { database in
            try database.execute(sql: "UPDATE user_account SET password = ? WHERE id = ?", arguments: [password.text, userID])
            guard database.changesCount == 1 else { throw ControlStoreError.notFound("there is no such user") }
            try database.execute(sql: "DELETE FROM session WHERE user_id = ? AND id <> ?", arguments: [userID, kept ?? ""])
            try database.execute(sql: "DELETE FROM password_link WHERE user_id = ?", arguments: [userID])
        }
    }

    /// Opens a session for a user whose password was just proven.
    public func openSession(user userID: String, address: String?, userAgent: String?) async throws(ControlStoreError) -> OpenedSession {
        let cookie = SecretText.alphanumeric(43)
        let now = Date()
        let session = Session(
            id: SecretText.uuid(), hash: SecretHash(cookie).data, userID: userID, createdAt: now, lastUsedAt: now,
            expiresAt: now.addingTimeInterval(Session.lifetime), address: address, userAgent: userAgent.map { String($0.prefix(300)) })
        try await write { database in
            try session.insert(database)
            try database.execute(sql: "UPDATE user_account SET last_login_at = ? WHERE id = ?", arguments: [now, userID])
        }
        return OpenedSession(session: session, cookie: cookie)
    }

    public func sessions(of userID: String) async throws(ControlStoreError) -> [Session] {
        try await read { try Session.filter(Column("user_id") == userID).order(Column("last_used_at").desc).fetchAll($0) }
    }

    /// Ends one session of a user.
    public func endSession(_ id: String, user userID: String) async throws(ControlStoreError) {
        let ended = try await write { try Session.filter(Column("id") == id && Column("user_id") == userID).deleteAll($0) }
        if ended == 0 { throw .notFound("there is no such session") }
    }

    /// Makes a one-time code with which a user chooses a password; it replaces earlier ones.
    public func createPasswordLink(
        user userID: String, purpose: PasswordLink.Purpose, organization: String?
    ) async throws(ControlStoreError) -> (link: PasswordLink, code: String) {
        let code = SecretText.alphanumeric(36)
        let now = Date()
        let link = PasswordLink(
            hash: SecretHash(code).data, userID: userID, purpose: purpose, organization: organization, createdAt: now,
            expiresAt: now.addingTimeInterval(PasswordLink.lifetime))
        try await write { database in
            guard try User.fetchOne(database, key: userID) != nil else { throw ControlStoreError.notFound("there is no such user") }
            try database.execute(sql: "DELETE FROM password_link WHERE user_id = ?", arguments: [userID])
            try link.insert(database)
        }
        return (link, code)
    }

    /// The link of a code and whose it is, while it can be used.
    public func passwordLink(code: String) async throws(ControlStoreError) -> (link: PasswordLink, user: User) {
        let hash = SecretHash(code).data
        let found = try await read { database -> (PasswordLink, User)? in
            guard let link = try PasswordLink.fetchOne(database, key: hash), link.expiresAt > Date(),
                let user = try User.fetchOne(database, key: link.userID)
            else { return nil }
            return (link, user)
        }
        guard let found else { throw .notFound("this link was used already or has expired; ask for a new one") }
        return found
    }

    /// Uses up a link: the user has the password from now on.
    public func usePasswordLink(code: String, password: PasswordHash, name: String?) async throws(ControlStoreError) -> User {
        try AccountNames.checkText(name, field: "name", limit: 200)
        let hash = SecretHash(code).data
        return try await write { database in
            guard let link = try PasswordLink.fetchOne(database, key: hash), link.expiresAt > Date(),
                var user = try User.fetchOne(database, key: link.userID)
            else { throw ControlStoreError.notFound("this link was used already or has expired; ask for a new one") }
            user.password = password.text
            if let name, !name.isEmpty { user.name = name }
            try user.update(database)
            try database.execute(sql: "DELETE FROM session WHERE user_id = ?", arguments: [user.id])
            try database.execute(sql: "DELETE FROM password_link WHERE user_id = ?", arguments: [user.id])
            return user
        }
    }
}
