public import Foundation
public import GRDB

/// An organisation: owns projects; users have a role in it.
public struct Organization: Codable, Sendable, Equatable, FetchableRecord, PersistableRecord {
    public static let databaseTableName = "organization"

    /// A lower-case UUID.
    public var id: String
    /// Unique; part of every project's URL.
    public var name: String
    public var createdAt: Date

    public init(name: String, id: String = SecretText.uuid(), createdAt: Date = Date()) {
        self.id = id
        self.name = name
        self.createdAt = createdAt
    }

    enum CodingKeys: String, CodingKey {
        case id, name
        case createdAt = "created_at"
    }
}
