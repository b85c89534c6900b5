import DuckDBKit
import TelemetryModel

/// Reads and writes what the catalog says of files.
enum Catalog {
    /// The newest hot file whose rows are all in segments.
    static func sealedHot(_ connection: borrowing Connection) throws(DuckDBError) -> Int64 {
        var result = try connection.query("SELECT value::BIGINT FROM meta WHERE name = 'sealed_hot'")
        return try result.next()?.column(0).int64(0) ?? 0
    }

    static func segments(_ connection: borrowing Connection) throws(DuckDBError) -> [SegmentKey: SegmentInfo] {
        var segments: [SegmentKey: SegmentInfo] = [:]
        let added = try hasVersion5(connection) ? "revision, kept_by, kept_hot" : "0, NULL::VARCHAR[], NULL::BIGINT"
        var result = try connection.query(
            """
            SELECT project_id, day, hot, minimum_start, maximum_start, records, steps, metric_points, bytes, page_bytes, last_sequence,
                has_span_events, \(added) FROM segment
            """)
        while let chunk = try result.next() {
            let columns = (0..<chunk.columnCount).map { chunk.column($0) }
            for row in 0..<chunk.rowCount {
                var info = SegmentInfo(
                    key: SegmentKey(
                        project: Int32(truncatingIfNeeded: columns[0].int64(row)), day: Int32(truncatingIfNeeded: columns[1].int64(row))))
                info.hot = columns[2].int64(row)
                info.minimumStart = columns[3].int64(row)
                info.maximumStart = columns[4].int64(row)
                info.records = columns[5].int64(row)
                info.steps = columns[6].int64(row)
                info.metricPoints = columns[7].int64(row)
                info.bytes = columns[8].int64(row)
                info.pageBytes = columns[9].int64(row)
                info.lastSequence = columns[10].int64(row)
                info.hasSpanEvents = columns[11].bool(row)
                info.revision = Int32(truncatingIfNeeded: columns[12].int64(row))
                if !columns[14].isNull(row) {
                    let conditions = columns[13].elementRange(row).map { columns[13].elements.string($0) }
                    info.kept = KeptMark(conditions: Set(conditions), hot: columns[14].int64(row))
                }
                segments[info.key] = info
            }
        }
        return segments
    }

    /// `hearth doctor` reads catalogs that have not been opened since an earlier version.
    private static func hasVersion5(_ connection: borrowing Connection) throws(DuckDBError) -> Bool {
        try connection.query("SELECT * FROM segment LIMIT 0").columnNames.contains("revision")
    }

    static func filters(_ connection: borrowing Connection) throws(DuckDBError) -> [SealedFilter] {
        var filters: [SealedFilter] = []
        var result = try connection.query("SELECT hot, segments, filter, coalesce(knows_days, false) FROM sealed_filter ORDER BY hot")
        while let chunk = try result.next() {
            let (hots, lists, blobs, marks) = (chunk.column(0), chunk.column(1), chunk.column(2), chunk.column(3))
            for row in 0..<chunk.rowCount {
                let (projects, days) = (lists.elements.member(0), lists.elements.member(1))
                let keys = lists.elementRange(row).map { index in
                    SegmentKey(
                        project: Int32(truncatingIfNeeded: projects.int64(index)), day: Int32(truncatingIfNeeded: days.int64(index)))
                }
                let bytes = blobs.withBytes(row) { Array($0) }
                let filter = SealedFilter(hot: hots.int64(row), segments: keys, bytes: bytes, knowsDays: marks.bool(row))
                if let filter { filters.append(filter) }
            }
        }
        return filters
    }

    /// Notes what became of a hot file, in one transaction, and makes it durable in the file itself: the hot file goes away next.
    static func write(
        sealed hot: Int64, _ segments: [SegmentInfo], _ filter: SealedFilter?, _ connection: borrowing Connection
    ) throws(DuckDBError) {
        try connection.execute("BEGIN")
        do {
            try replace(segments, connection)
            if let filter {
                let keys = filter.segments.map { "{'project_id': \($0.project), 'day': \($0.day)}" }.joined(separator: ", ")
                try run(
                    "INSERT INTO sealed_filter VALUES (\(hot), [\(keys)]::STRUCT(project_id INTEGER, day INTEGER)[], $1, \(filter.knowsDays))",
                    [.blob(filter.bytes)], connection)
            }
            try connection.execute("DELETE FROM meta WHERE name = 'sealed_hot'; INSERT INTO meta VALUES ('sealed_hot', '\(hot)')")
            try connection.execute("COMMIT")
        } catch {
            try? connection.execute("ROLLBACK")
            throw error
        }
    }

    /// Puts what is known of segments in the place of what was.
    static func replace(_ segments: [SegmentInfo], _ connection: borrowing Connection) throws(DuckDBError) {
        for info in segments {
            let key = info.key
            try connection.execute(
                """
                DELETE FROM segment WHERE project_id = \(key.project) AND day = \(key.day);
                INSERT INTO segment VALUES (\(key.project), \(key.day), \(info.hot), \(info.minimumStart), \(info.maximumStart), \
                \(info.records), \(info.steps), \(info.metricPoints), \(info.bytes), \(info.pageBytes), \(info.lastSequence), \
                \(info.hasSpanEvents), \(info.revision), \(list(info.kept)), \(info.kept.map { "\($0.hot)" } ?? "NULL"))
                """)
        }
    }

    private static func list(_ kept: KeptMark?) -> String {
        guard let kept else { return "NULL" }
        return "[" + kept.conditions.sorted().map { "'\($0.replacing("'", with: "''"))'" }.joined(separator: ", ") + "]::VARCHAR[]"
    }

    /// Forgets segments whose files are about to be deleted, and remembers the files, in case the process ends before.
    static func remove(_ files: [SegmentFile], _ connection: borrowing Connection) throws(DuckDBError) {
        if files.isEmpty { return }
        let keys = files.map { "(\($0.key.project), \($0.key.day))" }.joined(separator: ", ")
        let names = files.map { "('\(removedName)', '\($0.key.project)/\($0.name)')" }.joined(separator: ", ")
        try connection.execute("DELETE FROM segment WHERE (project_id, day) IN (\(keys)); INSERT INTO meta VALUES \(names)")
    }

    /// Forgets filters of hot files of which nothing is left.
    static func removeFilters(_ hots: Set<Int64>, _ connection: borrowing Connection) throws(DuckDBError) {
        if hots.isEmpty { return }
        try connection.execute("DELETE FROM sealed_filter WHERE hot IN (\(hots.sorted().map(String.init).joined(separator: ", ")))")
    }

    private static let removedName = "removed_segment"

    /// Files of segments that were given up since the last start.
    static func removedSegments(_ connection: borrowing Connection) throws(DuckDBError) -> [SegmentFile] {
        var files: [SegmentFile] = []
        var result = try connection.query("SELECT value FROM meta WHERE name = '\(removedName)'")
        while let chunk = try result.next() {
            for row in 0..<chunk.rowCount {
                let parts = chunk.column(0).string(row).split(separator: "/")
                if parts.count == 2, let project = Int32(parts[0]), let file = SegmentFile(project: project, name: parts[1]) {
                    files.append(file)
                }
            }
        }
        return files
    }

    static func forgetRemovedSegments(_ connection: borrowing Connection) throws(DuckDBError) {
        try connection.execute("DELETE FROM meta WHERE name = '\(removedName)'")
    }

    private static func run(_ sql: String, _ parameters: [Value], _ connection: borrowing Connection) throws(DuckDBError) {
        var result = try connection.query(sql, parameters)
        try result.drain()
    }
}
