public import Foundation
public import GRDB

/// A person who can sign in.
public struct User: Codable, Sendable, Equatable, FetchableRecord, PersistableRecord {
    public static let databaseTableName = "user_account"

    /// A lower-case UUID.
    public var id: String
    /// Unique without regard to case; what the person signs in with.
    public var email: String
    public var name: String
    /// ``PasswordHash`` as text; nil until the person has chosen a password.
    var password: String?
    public var createdAt: Date
    public var lastLoginAt: Date?

    public var hasPassword: Bool { password != nil }

    enum CodingKeys: String, CodingKey {
        case id, email, name, password
        case createdAt = "created_at"
        case lastLoginAt = "last_login_at"
    }
}

/// A user's role in an organisation.
public struct Membership: Codable, Sendable, Equatable, FetchableRecord, PersistableRecord {
    public static let databaseTableName = "membership"

    public var organization: String
    public var userID: String
    public var role: Role
    public var createdAt: Date

    enum CodingKeys: String, CodingKey {
        case organization, role
        case userID = "user_id"
        case createdAt = "created_at"
    }
}
