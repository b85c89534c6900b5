public import Foundation
public import GRDB

/// A browser that is signed in.
public struct Session: Codable, Sendable, Equatable, FetchableRecord, PersistableRecord {
    public static let databaseTableName = "session"
    /// Seconds a session lasts without being used again.
    public static let lifetime: TimeInterval = 30 * 86_400

    /// A lower-case UUID; not what the cookie holds.
    public var id: String
    /// SHA-256 of the cookie's value.
    var hash: Data
    public var userID: String
    public var createdAt: Date
    /// To the minute.
    public var lastUsedAt: Date
    public var expiresAt: Date
    /// Where it was opened from.
    public var address: String?
    public var userAgent: String?

    enum CodingKeys: String, CodingKey {
        case id, hash, address
        case userID = "user_id"
        case createdAt = "created_at"
        case lastUsedAt = "last_used_at"
        case expiresAt = "expires_at"
        case userAgent = "user_agent"
    }
}

/// A one-time address at which a person chooses a password.
public struct PasswordLink: Codable, Sendable, Equatable, FetchableRecord, PersistableRecord {
    public static let databaseTableName = "password_link"
    /// Seconds a link can be used.
    public static let lifetime: TimeInterval = 7 * 86_400

    /// Why the link was made.
    public enum Purpose: String, Codable, Sendable {
        /// The person is new.
        case invite
        /// The person has lost the password.
        case reset
    }

    var hash: Data
    public var userID: String
    public var purpose: Purpose
    /// The organisation the person was invited to.
    public var organization: String?
    public var createdAt: Date
    public var expiresAt: Date

    enum CodingKeys: String, CodingKey {
        case hash, purpose, organization
        case userID = "user_id"
        case createdAt = "created_at"
        case expiresAt = "expires_at"
    }
}
