import Foundation
import GRDB

/// Everything that is not telemetry: organisations, projects, users, tokens, settings.
///
/// One SQLite file beside the telemetry folder, outside of what the telemetry engine may open (design §4), with full
/// synchronous commits. Reads run on a pool and writes on one connection, both off the cooperative thread pool.
public struct ControlStore: Sendable {
    private let pool: DatabasePool
    let path: String

    /// Opens `path`, creating the file and migrating its schema as needed.
    ///
    /// Another process may have the same file open: `hearth tokens` and its siblings work beside a running server.
    public init(path: String) throws(ControlStoreError) {
        self.path = path
        let isNew: Bool
        do {
            // The file holds password and token hashes: nobody but its owner reads it.
            isNew = !FileManager.default.fileExists(atPath: path)
            if isNew {
                _ = FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
            }
            var configuration = Configuration()
            configuration.busyMode = .timeout(5)
            configuration.prepareDatabase { database in
                try database.execute(sql: "PRAGMA synchronous = FULL")
            }
            configuration.maximumReaderCount = 2
            pool = try DatabasePool(path: path, configuration: configuration)
        } catch {
            throw ControlStoreError(code: .cannotOpen, description: "cannot open the control database \(path): \(error)")
        }
        do {
            try ControlMigrations.migrator.migrate(pool)
            // All steps of a new file are in its log, which would keep its size for ever.
            if isNew { _ = try pool.writeWithoutTransaction { try $0.checkpoint(.truncate) } }
        } catch {
            throw ControlStoreError(
                code: .migrationFailed,
                description: "the control database \(path) could not be migrated: \(error); restore it from a backup or move it aside"
            )
        }
    }

    /// Writes a copy of everything to a new file at `path`, while others read and write.
    ///
    /// - Throws: ``ControlStoreError`` with code `cannotOpen` when the copy cannot be written.
    public func backup(to path: String) throws(ControlStoreError) {
        do {
            let copy = try DatabaseQueue(path: path)
            try pool.backup(to: copy)
            try copy.close()
        } catch {
            throw ControlStoreError(code: .cannotOpen, description: "the control database could not be copied to \(path): \(error)")
        }
    }

    /// What SQLite finds wrong with the file at `path`; empty when it is whole, or not there.
    public static func problems(path: String) -> [String] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        do {
            var configuration = Configuration()
            configuration.readonly = true
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            let lines = try queue.read { try String.fetchAll($0, sql: "PRAGMA integrity_check") }
            return lines == ["ok"] ? [] : lines
        } catch {
            return ["\(error)"]
        }
    }

    /// The project that loopback clients without a known token write to (`acceptance.md` A7).
    public func defaultProject() async throws(ControlStoreError) -> Project {
        let found = try await read { database in
            try Project.filter(Column("organization") == Project.defaultOrganization && Column("name") == Project.defaultName)
                .fetchOne(database)
        }
        guard let found else {
            throw ControlStoreError(code: .unknownProject, description: "the project local/default is missing from the control database")
        }
        return found
    }

    /// Reads in one transaction, off the cooperative pool.
    func read<Value: Sendable>(_ body: @Sendable @escaping (Database) throws -> Value) async throws(ControlStoreError) -> Value {
        do {
            return try await pool.read(body)
        } catch let error as ControlStoreError {
            throw error
        } catch {
            throw ControlStoreError(code: .accessFailed, description: "cannot read the control database: \(error)")
        }
    }

    /// Writes in one transaction that is durable when this returns; rolled back when `body` throws.
    func write<Value: Sendable>(_ body: @Sendable @escaping (Database) throws -> Value) async throws(ControlStoreError) -> Value {
        do {
            return try await pool.write(body)
        } catch let error as ControlStoreError {
            throw error
        } catch {
            throw ControlStoreError(code: .accessFailed, description: "cannot write the control database: \(error)")
        }
    }
}
