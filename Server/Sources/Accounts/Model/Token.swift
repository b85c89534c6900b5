public import Foundation
public import GRDB

/// What a token is for.
public enum TokenKind: String, Codable, Sendable, CaseIterable {
    /// Sends telemetry to one project.
    case write
    /// Queries one project.
    case read
    /// Acts with a role in an organisation, or in one of its projects.
    case apiKey = "api_key"
    /// Acts as the user who signed in with `logfire auth`.
    case user
}

/// A stored token. The token itself is not stored, only its hash and the part that may be shown.
public struct Token: Codable, Sendable, Equatable, FetchableRecord, PersistableRecord {
    public static let databaseTableName = "token"

    /// A lower-case UUID.
    public var id: String
    public var kind: TokenKind
    /// SHA-256 of the token.
    var hash: Data
    /// Prefix and first characters, as shown to people (`logfire-contract.md` §1.1).
    public var safePart: String
    /// Organisation of a write token, a read token or an API key.
    public var organization: String?
    /// Project of a write or read token; of an API key that is restricted to one.
    public var projectID: Int32?
    /// Whom a user token stands for; nil for the person at a machine on loopback, who has no account.
    public var userID: String?
    /// Role of an API key.
    public var role: Role?
    public var description: String?
    public var createdAt: Date
    /// Who made it, as a name to show.
    public var createdByName: String?
    public var expiresAt: Date?
    public var revokedAt: Date?
    /// To the minute.
    public var lastUsedAt: Date?

    enum CodingKeys: String, CodingKey {
        case id, kind, hash, organization, role, description
        case safePart = "safe_part"
        case projectID = "project_id"
        case userID = "user_id"
        case createdAt = "created_at"
        case createdByName = "created_by_name"
        case expiresAt = "expires_at"
        case revokedAt = "revoked_at"
        case lastUsedAt = "last_used_at"
    }

    /// Whether the token is accepted at `time`.
    public func isActive(at time: Date) -> Bool {
        revokedAt == nil && (expiresAt.map { time < $0 } ?? true)
    }
}

/// A token at the only moment its text is known.
public struct IssuedToken: Sendable {
    public var token: Token
    /// The token itself; shown once.
    public var secret: String
}

/// What a new token should be.
public struct TokenRequest: Sendable {
    public var kind: TokenKind
    public var organization: String?
    public var projectID: Int32?
    public var userID: String?
    public var role: Role?
    public var description: String?
    public var expiresAt: Date?
    /// Name to show as the maker.
    public var createdByName: String?

    public init(
        kind: TokenKind, organization: String? = nil, projectID: Int32? = nil, userID: String? = nil, role: Role? = nil,
        description: String? = nil, expiresAt: Date? = nil, createdByName: String? = nil
    ) {
        self.kind = kind
        self.organization = organization
        self.projectID = projectID
        self.userID = userID
        self.role = role
        self.description = description
        self.expiresAt = expiresAt
        self.createdByName = createdByName
    }

    /// A write or read token of `project`.
    public static func of(
        _ project: Project, _ kind: TokenKind, description: String?, expiresAt: Date?, createdByName: String?
    ) -> TokenRequest {
        TokenRequest(
            kind: kind, organization: project.organization, projectID: project.id, description: description, expiresAt: expiresAt,
            createdByName: createdByName)
    }
}
