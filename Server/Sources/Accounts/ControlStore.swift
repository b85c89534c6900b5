import GRDB

/// Why the control store could not do what was asked.
public struct ControlStoreError: Error, CustomStringConvertible {
    /// What went wrong, for code that has to decide.
    public struct Code: Sendable, Equatable {
        private enum Value { case cannotOpen, migrationFailed, unknownProject }
        private let value: Value
        /// The file could not be opened or created.
        public static let cannotOpen = Code(value: .cannotOpen)
        /// The file was opened, but its schema could not be brought up to date.
        public static let migrationFailed = Code(value: .migrationFailed)
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
        do {
            let found = try await pool.read { database in
                try Project.filter(Column("organization") == Project.defaultOrganization && Column("name") == Project.defaultName)
                    .fetchOne(database)
            }
            if let found { return found }
        } catch {
            throw ControlStoreError(code: .cannotOpen, description: "cannot read the control database: \(error)")
        }
        throw ControlStoreError(code: .unknownProject, description: "the project local/default is missing from the control database")
    }
}
