import DuckDBKit

/// A database file under examination, attached to an engine of its own: a damaged file can put an engine out of use.
struct FileExamination: ~Copyable {
    static let alias = "examined"

    let database: Database
    let connection: Connection

    /// Attaches a file without changing it, its log included.
    init(_ path: String) throws(DuckDBError) {
        let options = [("storage_compatibility_version", "latest"), ("threads", "2"), ("memory_limit", "512MB")]
        let database = try Database(path: nil, options: options.map { (name: $0.0, value: $0.1) })
        let connection = try database.connect()
        try connection.execute("SET TimeZone = 'UTC'; ATTACH '\(path.replacing("'", with: "''"))' AS \(Self.alias) (READ_ONLY)")
        self.database = database
        self.connection = connection
    }

    func number(_ sql: String) throws(DuckDBError) -> Int64 {
        var result = try connection.query(sql)
        guard let chunk = try result.next(), chunk.rowCount > 0, !chunk.column(0).isNull(0) else { return 0 }
        return chunk.column(0).int64(0)
    }

    func numbers(_ sql: String) throws(DuckDBError) -> [Int64] {
        var result = try connection.query(sql)
        var numbers: [Int64] = []
        while let chunk = try result.next() {
            for row in 0..<chunk.rowCount where !chunk.column(0).isNull(row) { numbers.append(chunk.column(0).int64(row)) }
        }
        return numbers
    }

    /// Whether a table is there.
    func has(_ table: PhysicalTable) throws(DuckDBError) -> Bool { try has(table.rawValue) }

    private func has(_ name: String) throws(DuckDBError) -> Bool {
        try number("SELECT count(*) FROM duckdb_tables() WHERE database_name = '\(Self.alias)' AND table_name = '\(name)'") == 1
    }

    /// Whether a table has the columns of this version.
    private func isPresent(_ table: PhysicalTable) throws(DuckDBError) -> Bool {
        try number(
            """
            SELECT count(*) FROM duckdb_columns() WHERE database_name = '\(Self.alias)' AND table_name = '\(table.rawValue)' \
            AND column_name = 'bodies'
            """) == 0
    }

    /// Rows of records and metric points.
    func rows() throws(DuckDBError) -> Int64 {
        var rows: Int64 = 0
        for table in [PhysicalTable.span, .metricPoint] where try has(table) {
            rows += try number("SELECT count(*) FROM \(Self.alias).\(table.rawValue)")
        }
        return rows
    }

    /// Fewest row numbers that a range is divided into.
    private static let smallest: Int64 = 2_048

    /// Ranges of row numbers of a table that cannot be read in full.
    func unreadable(_ table: PhysicalTable) throws(DuckDBError) -> [Range<Int64>] {
        guard try has(table) else { return [] }
        let end: Int64
        do throws(DuckDBError) {
            end = try number("SELECT max(rowid) + 1 FROM \(Self.alias).\(table.rawValue)")
        } catch {
            return [0..<Int64.max]
        }
        return end > 0 ? unreadable(table, 0..<end) : []
    }

    private func unreadable(_ table: PhysicalTable, _ range: Range<Int64>) -> [Range<Int64>] {
        do throws(DuckDBError) {
            // The hash of a row reads all of its columns.
            _ = try numbers(
                """
                SELECT (bit_xor(t) >> 1)::BIGINT FROM (SELECT hash(t) AS t FROM \(Self.alias).\(table.rawValue) t \
                WHERE rowid >= \(range.lowerBound) AND rowid < \(range.upperBound))
                """)
            return []
        } catch {
            let length = range.upperBound - range.lowerBound
            if length <= Self.smallest { return [range] }
            let middle = range.lowerBound + (length / 2 + Self.smallest - 1) / Self.smallest * Self.smallest
            return unreadable(table, range.lowerBound..<middle) + unreadable(table, middle..<range.upperBound)
        }
    }

    /// Copies the pages of message bodies of a hot file; when they cannot be read, the records lose their messages.
    private func salvagePages(to fixed: String) throws(DuckDBError) {
        try connection.execute(BodyPageTable.create(in: fixed))
        do throws(DuckDBError) {
            try connection.execute("INSERT INTO \(fixed).\(BodyPageTable.name) SELECT * FROM \(Self.alias).\(BodyPageTable.name)")
        } catch {
            try connection.execute("UPDATE \(fixed).span SET body = NULL")
        }
    }

    /// Copies what can be read to a new file.
    ///
    /// - Parameter create: makes a table in the file that is attached under a name.
    /// - Returns: records and metric points that are in it.
    func salvage(
        to path: String, without ranges: [PhysicalTable: [Range<Int64>]], create: (PhysicalTable, String) -> String
    ) throws(DuckDBError) -> Int64 {
        let fixed = "fixed"
        try connection.execute(SegmentLayout().attach(path, as: fixed, isNew: true))
        for table in PhysicalTable.allCases where try has(table) {
            let source = "SELECT * FROM \(Self.alias).\(table.rawValue)"
            try connection.execute(
                try isPresent(table) ? create(table, fixed) : "CREATE TABLE \(fixed).\(table.rawValue) AS \(source) LIMIT 0")
            var conditions: [String] = []
            for range in ranges[table] ?? [] { conditions.append("NOT (rowid >= \(range.lowerBound) AND rowid < \(range.upperBound))") }
            let condition = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
            if ranges[table]?.contains(0..<Int64.max) == true { continue }
            try connection.execute(
                "INSERT INTO \(fixed).\(table.rawValue) BY NAME \(source)\(condition)")
        }
        if try has(BodyPageTable.name) { try salvagePages(to: fixed) }
        let rows = try number("SELECT (SELECT count(*) FROM \(fixed).span) + (SELECT count(*) FROM \(fixed).metric_point)")
        try connection.execute("CHECKPOINT \(fixed); DETACH \(fixed)")
        return rows
    }
}
