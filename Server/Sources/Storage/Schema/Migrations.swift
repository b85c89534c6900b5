import DuckDBKit

/// Brings the catalog to the current schema, one version after the other, each in a transaction of its own.
enum Migrations {
    /// - Throws: ``StorageError/Code/newerSchema`` when the catalog is newer than this program, else what the engine reports.
    static func run(_ connection: borrowing Connection, _ folder: TelemetryFolder) throws(StorageError) {
        do {
            let found = try SchemaVersion.read(connection)
            try SchemaVersion.check(found)
            if found == 0 {
                try create(connection, folder)
            } else {
                try upgrade(connection, from: found)
            }
        } catch let error as StorageError {
            throw error
        } catch let error as DuckDBError {
            throw StorageError(.openFailed, error)
        } catch {
            throw StorageError(code: .openFailed, message: "\(error)")
        }
    }

    /// What came after version 4, the first with a catalog.
    static func upgrade(_ connection: borrowing Connection, from found: Int) throws(DuckDBError) {
        if found < 5 {
            try connection.execute("BEGIN")
            for statement in Schema.segmentVersion5 { try connection.execute(statement) }
            try connection.execute("UPDATE segment SET revision = 0; INSERT INTO schema_version VALUES (5, now()); COMMIT")
        }
        // Hot files have their message bodies in pages. Those of earlier versions are read as they are until they are sealed.
        if found < 6 { try connection.execute("INSERT INTO schema_version VALUES (6, now())") }
        // Filters of earlier versions do not know the days of traces.
        if found < 7 {
            try connection.execute("BEGIN; \(Schema.sealedFilterVersion7); INSERT INTO schema_version VALUES (7, now()); COMMIT")
        }
        // Segments leave out ends that follow from start and duration, and decisions that fit into their steps. Older ones are read as they are.
        if found < 8 { try connection.execute("INSERT INTO schema_version VALUES (8, now())") }
        // Segments have stack traces once, in the events. Older ones have them twice.
        if found < 9 { try connection.execute("INSERT INTO schema_version VALUES (9, now())") }
    }

    /// A catalog of the present version. What files of earlier versions have of it is taken over.
    private static func create(_ connection: borrowing Connection, _ folder: TelemetryFolder) throws(DuckDBError) {
        let hasLegacy = folder.exists(folder.hotFile(1))
        if hasLegacy { try connection.execute("ATTACH '\(folder.hotFile(1).replacing("'", with: "''"))' AS legacy") }
        try connection.execute("BEGIN")
        for statement in Schema.catalog { try connection.execute(statement) }
        if hasLegacy {
            for table in ["meta", "schema_version", "resource", "scope", "trace_sample"] {
                try connection.execute("INSERT INTO \(table) SELECT * FROM legacy.\(table)")
            }
        }
        try connection.execute(
            """
            INSERT INTO schema_version SELECT v, now() FROM unnest([4, \(Schema.version)]) AS t(v)
            WHERE v NOT IN (SELECT version FROM schema_version); COMMIT
            """)
        if hasLegacy { try connection.execute("DETACH legacy") }
    }
}
