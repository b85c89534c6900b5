public import Foundation
public import GRDB

/// A project: the unit that tokens, tables and retention belong to.
public struct Project: Codable, Sendable, Equatable, FetchableRecord, PersistableRecord {
    public static let databaseTableName = "project"
    static let defaultOrganization = "local"
    static let defaultName = "default"

    /// The number every telemetry row of the project carries; never reused.
    public var id: Int32
    /// How the management API names the project: a lower-case UUID.
    public var uuid: String
    /// Name of the organisation the project belongs to.
    public var organization: String
    /// Name within the organisation.
    public var name: String
    public var description: String?
    public var createdAt: Date
    public var updatedAt: Date

    public init(
        id: Int32, organization: String, name: String, uuid: String = SecretText.uuid(), description: String? = nil,
        createdAt: Date = Date(), updatedAt: Date = Date()
    ) {
        self.id = id
        self.uuid = uuid
        self.organization = organization
        self.name = name
        self.description = description
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    enum CodingKeys: String, CodingKey {
        case id, uuid, organization, name, description
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }

    /// `organization/name`, as in URLs.
    public var path: String { "\(organization)/\(name)" }

    /// Whether this is `local/default`, which loopback clients without a token write to and which therefore stays.
    public var isDefault: Bool { organization == Self.defaultOrganization && name == Self.defaultName }
}
