import DuckDBKit

/// Brings a hot file to the current schema, one version after the other, each in a transaction of its own.
enum Migrations {
    private struct Migration {
        var version: Int
        var statements: [String]
    }

    private static let all = [
        Migration(version: 1, statements: Schema.tables), Migration(version: 2, statements: Schema.stepVersion2),
        Migration(version: 3, statements: [Schema.traceSample]),
    ]

    /// - Throws: ``StorageError/Code/newerSchema`` when the file is newer than this program, else what the engine reports.
    static func run(_ connection: borrowing Connection) throws(StorageError) {
        do {
            let found = try version(connection)
            guard found <= Schema.version else {
                throw StorageError(
                    code: .newerSchema,
                    message: "the data folder has schema version \(found), this program knows versions up to \(Schema.version)"
                )
            }
            for migration in all where migration.version > found {
                try connection.execute("BEGIN")
                if migration.version == 1 { try connection.execute(Schema.schemaVersion) }
                for statement in migration.statements { try connection.execute(statement) }
                try connection.execute("INSERT INTO schema_version VALUES (\(migration.version), now())")
                try connection.execute("COMMIT")
            }
        } catch let error as StorageError {
            throw error
        } catch let error as DuckDBError {
            throw StorageError(.openFailed, error)
        } catch {
            throw StorageError(code: .openFailed, message: "\(error)")
        }
    }

    /// 0 for an empty file.
    private static func version(_ connection: borrowing Connection) throws(DuckDBError) -> Int {
        var tables = try connection.query("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'schema_version'")
        guard try tables.next()?.column(0).int64(0) == 1 else { return 0 }
        var result = try connection.query("SELECT coalesce(max(version), 0) FROM schema_version")
        return Int(try result.next()?.column(0).int64(0) ?? 0)
    }
}
