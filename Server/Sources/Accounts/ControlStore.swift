import GRDB

/// Why the control store could not do what was asked.
public struct ControlStoreError: Error, CustomStringConvertible {
    /// What went wrong, for code that has to decide.
    public struct Code: Sendable, Equatable {
        private enum Value { case cannotOpen, migrationFailed, accessFailed, unknownProject }
        private let value: Value
        /// The file could not be opened or created.
        public static let cannotOpen = Code(value: .cannotOpen)
        /// The file was opened, but its schema could not be brought up to date.
        public static let migrationFailed = Code(value: .migrationFailed)
        /// A read or a write failed.
        public static let accessFailed = Code(value: .accessFailed)
        /// No such project.
        public static let unknownProject = Code(value: .unknownProject)
    }

    public let code: Code
    /// One sentence: what, where, how to fix.
    public let description: String
}

/// Everything that is not telemetry: organisations and projects now; tokens, dashboards and alerts are further migrations.
///
/// One SQLite file beside the telemetry folder, outside of what the telemetry engine may open (design §4), with full
/// synchronous commits. Reads run on a pool and writes on one connection, both off the cooperative thread pool.
public struct ControlStore: Sendable {
    private let pool: DatabasePool

    /// Opens `path`, creating the file and migrating its schema as needed.
    public init(path: String) throws(ControlStoreError) {
        do {
            var configuration = Configuration()
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
        } catch {
            throw ControlStoreError(
                code: .migrationFailed,
                description: "the control database \(path) could not be migrated: \(error); restore it from a backup or move it aside"
            )
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
