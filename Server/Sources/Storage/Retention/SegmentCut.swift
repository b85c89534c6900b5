import Dispatch
import DuckDBKit
import MessagePages
import Retention
import TelemetryModel

/// What has been done of writing a segment anew.
enum RetentionStage: CaseIterable, Sendable {
    /// The page file of the new segment has the bodies; its rows are committed; they are checkpointed; the catalog knows of it, or that the segment is
    /// gone; the old files are deleted.
    case pages, rows, checkpoint, catalog, files
}

/// Cuts a segment down to what is kept: writes it anew, into files of the next revision, with the message bodies in pages of their own.
///
/// Nobody counts the new files until one transaction of the catalog puts them in the place of the old ones, which stay until nobody reads them. So
/// when the process ends at any moment there is either the old segment or the new one, and the next start deletes the other.
struct SegmentCut: ~Copyable {
    private let lease: ReaderLease
    private let registry: FileRegistry
    private let old: SegmentInfo
    private let sealedHot: Int64
    /// Keeps the old files attached.
    private let source: FileLease
    private let selection: KeepSelection

    /// Bodies whose places are held in memory at a time.
    private static let batch = 20_000
    /// What a segment with few rows takes.
    private static let leastBytes: Int64 = 160 << 10
    /// Seconds that finding the kept traces of a day may take.
    private static let longestSeconds = 120.0

    /// - Parameters:
    ///   - lease: a connection of its own.
    ///   - day: the segment as it is now.
    ///   - source: its files.
    init(
        _ lease: consuming ReaderLease, _ registry: FileRegistry, _ day: SegmentInfo, _ source: FileLease, sealedHot: Int64,
        _ selection: KeepSelection
    ) {
        self.lease = lease
        self.source = source
        self.registry = registry
        self.sealedHot = sealedHot
        self.selection = selection
        old = day
    }

    // MARK: What stays

    /// Finds the traces that stay and counts.
    ///
    /// A trace over midnight stays on both of its days, so records of the days beside this one are asked too.
    borrowing func measure(_ files: (TimeWindow) throws -> FileLease) throws -> RetentionOutcome {
        try run("CREATE TEMP TABLE kept (rule INTEGER, trace_id VARCHAR)")
        try run("CREATE TEMP TABLE kept_trace (trace_id VARCHAR)")
        let window = TimeWindow(
            minimum: old.key.start - SegmentKey.dayMicroseconds, maximum: old.key.start + 2 * SegmentKey.dayMicroseconds - 1)
        if !selection.traces.isEmpty {
            let files = try files(window)
            defer { withExtendedLifetime(files) {} }
            // Conditions are texts of users.
            let interrupt = lease.connection.interruptHandle
            let deadline = DispatchWorkItem { interrupt.interrupt() }
            DispatchQueue.global(qos: .utility).asyncAfter(deadline: .now() + Self.longestSeconds, execute: deadline)
            defer { deadline.cancel() }
            for (index, rule) in selection.traces.enumerated() {
                try run("BEGIN")
                try run("INSERT INTO kept SELECT DISTINCT \(index), trace_id FROM (\(try rule.select(files, window)))")
                try run("COMMIT")
            }
        }
        try run("INSERT INTO kept_trace SELECT DISTINCT trace_id FROM kept WHERE trace_id IS NOT NULL")
        var outcome = RetentionOutcome()
        outcome.keptRecords = try number("SELECT count(*) FROM \(rows(.span))")
        outcome.keptMetricPoints = try number("SELECT count(*) FROM \(rows(.metricPoint))")
        outcome.records = try number("SELECT count(*) FROM \(all(.span))") - outcome.keptRecords
        outcome.metricPoints = try number("SELECT count(*) FROM \(all(.metricPoint))") - outcome.keptMetricPoints
        for (index, rule) in selection.traces.enumerated() {
            outcome.keptBy[rule.identity] = try number(
                "SELECT count(*) FROM \(all(.span)) AND s.trace_id IN (SELECT trace_id FROM kept WHERE rule = \(index))")
        }
        for rule in selection.metrics {
            outcome.keptBy[rule.identity] = try number("SELECT count(*) FROM \(all(.metricPoint)) AND (\(rule.condition))")
        }
        let total = outcome.records + outcome.keptRecords + outcome.metricPoints + outcome.keptMetricPoints
        let share = total == 0 ? 0 : Double(outcome.keptRecords + outcome.keptMetricPoints) / Double(total)
        outcome.keptBytes = min(old.bytes, Self.leastBytes + Int64(Double(max(0, old.bytes - Self.leastBytes)) * share))
        outcome.bytes = old.bytes - outcome.keptBytes
        return outcome
    }

    /// `FROM` and `WHERE` of all rows of a table that count.
    private func all(_ table: PhysicalTable) -> String { "\(old.file.alias).\(table.rawValue) s WHERE s.hot <= \(sealedHot)" }

    /// Those that stay.
    private func rows(_ table: PhysicalTable) -> String {
        switch table {
        case .span, .step, .stepDecision: "\(all(table)) AND s.trace_id IN (SELECT trace_id FROM kept_trace)"
        case .metricPoint: "\(all(table)) AND (\(selection.metricCondition))"
        }
    }

    // MARK: Writing

    /// Writes what stays into new files. Nobody reads them yet.
    ///
    /// - Parameter passed: called after each stage.
    /// - Returns: what the catalog should say of it.
    borrowing func write(_ file: SegmentFile, passed: (RetentionStage) throws -> Void) throws -> SegmentInfo {
        var info = SegmentInfo(key: old.key, revision: file.revision)
        info.hot = old.hot
        info.kept = KeptMark(conditions: selection.identities, hot: old.hot)
        info.pageBytes = Int64(try writeBodies(file))
        try passed(.pages)
        let target = try registry.leaseForWriting(file)
        defer { withExtendedLifetime(target) {} }
        try run("BEGIN")
        for table in PhysicalTable.allCases {
            try run(table.createSegment(in: file.alias))
            try run(move(table, file))
        }
        try run("COMMIT")
        try passed(.rows)
        try run("CHECKPOINT \(file.alias)")
        try passed(.checkpoint)
        try describe(file, &info)
        info.bytes = registry.folder.size(of: file)
        return info
    }

    private func move(_ table: PhysicalTable, _ file: SegmentFile) -> String {
        let columns = table.columns.map { $0 == "body" ? "b.body" : "s.\($0)" }.joined(separator: ", ")
        let rows = rows(table)
        let head = "INSERT INTO \(file.alias).\(table.rawValue) SELECT \(columns), s.hot FROM "
        // As sealing left it.
        let order = table == .stepDecision ? "" : " ORDER BY s.hot, s.rowid"
        guard table == .span else { return head + rows + order }
        // The join belongs between the table and its condition.
        return head + rows.replacing(" s WHERE ", with: " s LEFT JOIN body_place b ON b.row = s.rowid WHERE ") + order
    }

    /// Copies the message bodies of the rows that stay, in the order in which they lie: that is trace by trace.
    ///
    /// - Returns: the bytes of the new page file.
    private borrowing func writeBodies(_ file: SegmentFile) throws -> Int {
        try run("CREATE TEMP TABLE body_place (row BIGINT, body UBIGINT)")
        var writer = try PageFileWriter(path: registry.folder.pageFile(file), end: 0)
        let feed = try InsertFeed(table: "body_place", connection: lease.connection)
        var last: UInt64?
        while true {
            let bodies = try nextBodies(after: last)
            guard let end = bodies.last?.body else { break }
            last = end
            var places: [(row: Int64, body: UInt64)] = []
            places.reserveCapacity(bodies.count)
            var reader = BodyReader(registry.pages, file: old.file.alias)
            for entry in bodies {
                let text: [UInt8]
                do throws(PageError) {
                    text = try reader.body(BodyReference(rawValue: entry.body))
                } catch {
                    // Damaged messages are lost already: their records stay without.
                    guard registry.pages.note(error, old.file.alias) else { throw error }
                    continue
                }
                let place = try text.withUnsafeBufferPointer { text throws(PageError) in
                    try writer.add(text, trace: entry.trace)
                }
                places.append((entry.row, place.rawValue))
            }
            try BodyPlaces(places).insert(into: feed)
        }
        try writer.finish()
        return writer.end
    }

    private borrowing func nextBodies(after last: UInt64?) throws -> [(row: Int64, trace: UInt64, body: UInt64)] {
        let position = last.map { " AND s.body > \($0)" } ?? ""
        var result = try lease.connection.query(
            """
            SELECT s.rowid, s.trace_id, s.body FROM \(rows(.span)) AND s.body IS NOT NULL\(position)
            ORDER BY s.body LIMIT \(Self.batch)
            """)
        var bodies: [(row: Int64, trace: UInt64, body: UInt64)] = []
        while let chunk = try result.next() {
            let (rows, traces, references) = (chunk.column(0), chunk.column(1), chunk.column(2))
            for row in 0..<chunk.rowCount { bodies.append((rows.int64(row), StoredID.hash(traces, row), references.uint64(row))) }
        }
        return bodies
    }

    private borrowing func describe(_ file: SegmentFile, _ info: inout SegmentInfo) throws {
        func count(_ table: PhysicalTable) throws -> Int64 { try number("SELECT count(*) FROM \(file.alias).\(table.rawValue)") }
        info.records = try count(.span)
        info.steps = try count(.step)
        info.metricPoints = try count(.metricPoint)
        // Look-ups after the newest commit must not take the one of another file for it.
        info.lastSequence = old.lastSequence
        func times(_ function: String) -> String {
            """
            SELECT \(function)(t) FROM (
                SELECT \(function)(epoch_us(start_timestamp)) AS t FROM \(file.alias).span
                UNION ALL SELECT \(function)(epoch_us(start_timestamp)) FROM \(file.alias).step
                UNION ALL SELECT \(function)(epoch_us(recorded_timestamp)) FROM \(file.alias).metric_point
            )
            """
        }
        info.minimumStart = try number(times("min"))
        info.maximumStart = try number(times("max"))
        info.hasSpanEvents = try number("SELECT count(*) FROM \(file.alias).span WHERE span_event_count > 0") > 0
    }

    // MARK: Statements

    private borrowing func run(_ sql: String) throws {
        var result = try lease.connection.query(sql)
        try result.drain()
    }

    private borrowing func number(_ sql: String) throws -> Int64 {
        var result = try lease.connection.query(sql)
        guard let chunk = try result.next(), chunk.rowCount > 0, !chunk.column(0).isNull(0) else { return 0 }
        return chunk.column(0).int64(0)
    }
}
