import Foundation
import GRDB

/// A group of settings kept as one document: of a project, or of the server as a whole.
///
/// A document that lacks a key added later must still decode: give such keys defaults in `init(from:)`.
public protocol StoredSetting: Codable, Sendable, Equatable {
    /// The name it is stored under; never changes once released.
    static var settingName: String { get }
    /// What holds while nothing is stored.
    init()
}

extension ControlStore {
    /// The stored setting of a project (of the server when nil), the default when there is none.
    public func setting<Setting: StoredSetting>(_ type: Setting.Type, project: Int32?) async throws(ControlStoreError) -> Setting {
        try await read { database in try Self.fetch(type, project, database) }
    }

    /// The stored settings of all projects that have any, by project number.
    public func settings<Setting: StoredSetting>(_ type: Setting.Type) async throws(ControlStoreError) -> [Int32: Setting] {
        try await read { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT project_id, document FROM setting WHERE name = ? AND project_id <> 0",
                arguments: [Setting.settingName])
            var found: [Int32: Setting] = [:]
            for row in rows { found[row[0]] = try JSONDecoder().decode(type, from: Data((row[1] as String).utf8)) }
            return found
        }
    }

    /// Stores a setting of a project, or of the server when nil.
    public func save<Setting: StoredSetting>(_ setting: Setting, project: Int32?) async throws(ControlStoreError) {
        try await write { database in try Self.store(setting, project, database) }
    }

    /// Changes a setting in one transaction, so that changes at the same time by others are not lost.
    ///
    /// - Returns: the setting as it is now.
    @discardableResult
    public func changeSetting<Setting: StoredSetting>(
        _ type: Setting.Type, project: Int32?, _ change: @escaping @Sendable (inout Setting) -> Void
    ) async throws(ControlStoreError) -> Setting {
        try await write { database in
            var setting = try Self.fetch(type, project, database)
            change(&setting)
            try Self.store(setting, project, database)
            return setting
        }
    }

    private static func fetch<Setting: StoredSetting>(_ type: Setting.Type, _ project: Int32?, _ database: Database) throws -> Setting {
        let document = try String.fetchOne(
            database, sql: "SELECT document FROM setting WHERE project_id = ? AND name = ?",
            arguments: [project ?? 0, Setting.settingName])
        return try document.map { try JSONDecoder().decode(type, from: Data($0.utf8)) } ?? Setting()
    }

    private static func store<Setting: StoredSetting>(_ setting: Setting, _ project: Int32?, _ database: Database) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try database.execute(
            sql: """
                INSERT INTO setting (project_id, name, document, updated_at) VALUES (?, ?, ?, datetime('now'))
                ON CONFLICT (project_id, name) DO UPDATE SET document = excluded.document, updated_at = excluded.updated_at
                """,
            arguments: [project ?? 0, Setting.settingName, String(decoding: try encoder.encode(setting), as: UTF8.self)])
    }
}
