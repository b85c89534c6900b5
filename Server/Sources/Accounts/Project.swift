public import GRDB

/// A project: the unit that tokens, tables and retention belong to.
public struct Project: Codable, Sendable, Equatable, FetchableRecord, PersistableRecord {
    public static let databaseTableName = "project"
    static let defaultOrganization = "local"
    static let defaultName = "default"

    /// The number every telemetry row of the project carries; never reused.
    public var id: Int32
    /// Name of the organisation the project belongs to.
    public var organization: String
    /// Name within the organisation.
    public var name: String

    public init(id: Int32, organization: String, name: String) {
        self.id = id
        self.organization = organization
        self.name = name
    }
}
