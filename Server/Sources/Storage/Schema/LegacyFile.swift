import DuckDBKit

/// Folders of versions 1 to 3: one file, `hot-1.db`, with everything in it.
enum LegacyFile {
    private struct Migration {
        var version: Int
        var statements: [String]
    }

    private static let all = [
        Migration(version: 1, statements: Schema.tables), Migration(version: 2, statements: Schema.stepVersion2),
        Migration(version: 3, statements: [Schema.traceSample]), Migration(version: 4, statements: Schema.stepVersion4),
    ]

    static func exists(_ folder: TelemetryFolder) -> Bool { folder.exists(folder.hotFile(1)) && !folder.exists(folder.catalogFile) }

    /// Brings such a file to version 4, one version after the other, each in a transaction of its own. It then serves as a hot file.
    ///
    /// - Throws: ``StorageError/Code/newerSchema`` when the file is newer than this program, else what the engine reports.
    static func upgrade(_ folder: TelemetryFolder) throws(StorageError) {
        guard exists(folder) else { return }
        do {
            let database = try Database(path: folder.hotFile(1), options: [("storage_compatibility_version", "latest")])
            let connection = try database.connect()
            try StepKey.register(connection)
            let found = try SchemaVersion.read(connection)
            try SchemaVersion.check(found)
            for migration in all where migration.version > found {
                try connection.execute("BEGIN")
                if migration.version == 1 { try connection.execute(Schema.schemaVersion) }
                for statement in migration.statements { try connection.execute(statement) }
                try connection.execute("INSERT INTO schema_version VALUES (\(migration.version), now())")
                try connection.execute("COMMIT")
            }
        } catch let error as StorageError {
            throw error
        } catch {
            throw StorageError(code: .openFailed, message: "\(error)")
        }
    }
}

/// The table that says which version a file has.
enum SchemaVersion {
    /// 0 for an empty file.
    static func read(_ connection: borrowing Connection) throws(DuckDBError) -> Int {
        var tables = try connection.query(
            "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'schema_version' AND database_name = current_database()")
        guard try tables.next()?.column(0).int64(0) == 1 else { return 0 }
        var result = try connection.query("SELECT coalesce(max(version), 0) FROM schema_version")
        return Int(try result.next()?.column(0).int64(0) ?? 0)
    }

    static func check(_ found: Int) throws(StorageError) {
        guard found <= Schema.version else {
            throw StorageError(
                code: .newerSchema,
                message: "the data folder has schema version \(found), this program knows versions up to \(Schema.version)"
            )
        }
    }
}
