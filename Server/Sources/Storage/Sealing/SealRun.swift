import DuckDBKit
import Logging
import MessagePages
import TelemetryModel

/// What has been done of sealing a hot file.
enum SealStage: CaseIterable, Sendable {
    /// The page file of a segment has the bodies; its rows are committed; they are checkpointed; the catalog knows of all.
    case pages, rows, checkpoint, catalog
}

/// Seals one hot file: for each project and day it copies the rows to the segment in the order of time, with the message bodies in pages; then one
/// transaction of the catalog puts the segments in the hot file's place.
///
/// Until then nobody counts the new rows, which carry the hot file's number; when it fails in between, the next attempt removes them first.
struct SealRun {
    private let generation: StoredKeys.Generation
    private let tables: SealerTables
    private let registry: FileRegistry
    private let sql: SealSQL
    /// Asked between statements: an interrupt that comes just before one begins is lost.
    private let shouldStop: () -> Bool
    private let fault: (@Sendable (SealStage) -> Bool)?

    init(
        _ generation: StoredKeys.Generation, _ tables: SealerTables, _ registry: FileRegistry, fault: (@Sendable (SealStage) -> Bool)?,
        shouldStop: @escaping () -> Bool
    ) {
        self.fault = fault
        self.shouldStop = shouldStop
        self.generation = generation
        self.tables = tables
        self.registry = registry
        sql = SealSQL(hot: generation.hot, hasBodiesInRows: registry.current.oldHots.contains(generation.hot))
    }

    func run() throws -> SealResult {
        let connection = tables
        let files = registry.current
        if let done = try resultOfBefore() { return done }
        try placeDecisions()
        try tables.connection.execute("DELETE FROM ended_pending; \(sql.endedPending)")
        var result = SealResult()
        for part in try parts() {
            let known = files.segments[part.key] ?? registry.newSegment(part.key)
            result.segments.append(try seal(part, known, sealedHot: files.sealedHot))
        }
        if !result.segments.isEmpty {
            let keys = result.segments.map(\.key)
            result.filter = generation.filter(keys, days: try traceDays(keys))
        }
        if shouldStop() { throw CancellationError() }
        try Catalog.write(sealed: generation.hot, result.segments, result.filter, connection.connection)
        checkpointCatalog()
        try passed(.catalog)
        return result
    }

    /// What an attempt did that failed when everything was done: its transaction may be durable although the engine reported a failure. Then the
    /// rows in the segments count, and nothing may touch them.
    private func resultOfBefore() throws -> SealResult? {
        guard try Catalog.sealedHot(tables.connection) >= generation.hot else { return nil }
        var result = SealResult()
        result.segments = try Catalog.segments(tables.connection).values.filter { $0.hot == generation.hot }
        result.filter = try Catalog.filters(tables.connection).last { $0.hot == generation.hot }
        return result
    }

    // MARK: Parts

    private func placeDecisions() throws {
        try tables.connection.execute("DELETE FROM decision_day; \(sql.decisionDays)")
        var projects: [Int32: [String]] = [:]
        do {
            var result = try tables.connection.query(sql.decisionsWithoutDay)
            while let chunk = try result.next() {
                for row in 0..<chunk.rowCount {
                    projects[Int32(truncatingIfNeeded: chunk.column(0).int64(row)), default: []].append(chunk.column(1).string(row))
                }
            }
        }
        for (project, traces) in projects {
            let lease = try registry.lease(project: project, hots: false)
            if lease.arms.arms.isEmpty { continue }
            let steps = lease.resolve(
                """
                (SELECT trace_id, span_id, start_timestamp FROM step
                WHERE project_id = \(project) AND \(TextSetFunction.condition("trace_id", traces)))
                """)
            try tables.connection.execute(sql.findDays(project: project, steps: steps))
        }
    }

    /// What of the hot file goes to one segment.
    private struct Part {
        var key: SegmentKey
        /// Those with rows: a statement that finds none takes a millisecond to plan all the same.
        var tables: [PhysicalTable]
    }

    private func parts() throws -> [Part] {
        var parts: [Part] = []
        var result = try tables.connection.query(sql.parts)
        while let chunk = try result.next() {
            for row in 0..<chunk.rowCount {
                let key = SegmentKey(
                    project: Int32(truncatingIfNeeded: chunk.column(0).int64(row)),
                    day: Int32(truncatingIfNeeded: chunk.column(1).int64(row)))
                let table = SealSQL.tables[Int(chunk.column(2).int64(row))]
                if parts.last?.key == key {
                    parts[parts.count - 1].tables.append(table)
                } else {
                    parts.append(Part(key: key, tables: [table]))
                }
            }
        }
        return parts
    }

    /// Every trace with each of its days, so that it is not looked for in the others; nil when no project has rows of several.
    private func traceDays(_ keys: [SegmentKey]) throws -> [(trace: UInt64, day: Int32)]? {
        guard Set(keys.map(\.project)).count < keys.count, let key = registry.identityKey else { return nil }
        var days: [(trace: UInt64, day: Int32)] = []
        var result = try tables.connection.query(sql.traceDays)
        while let chunk = try result.next() {
            let (projects, numbers, traces) = (chunk.column(0), chunk.column(1), chunk.column(2))
            for row in 0..<chunk.rowCount {
                let trace = StoredID.trace(traces, row) ?? .invalid
                let hash = key.trace(Int32(truncatingIfNeeded: projects.int64(row)), trace)
                days.append((hash, Int32(truncatingIfNeeded: numbers.int64(row))))
            }
        }
        return days
    }

    // MARK: One segment

    private func seal(_ part: Part, _ known: SegmentInfo, sealedHot: Int64) throws -> SegmentInfo {
        let key = part.key
        try registry.folder.createSegmentFolder(key)
        var known = known
        let lease: FileLease
        do {
            lease = try registry.leaseForWriting(known.file)
        } catch {
            // A damaged day must not keep the others from being sealed.
            guard registry.giveUp(key) else { throw error }
            known = registry.newSegment(key)
            lease = try registry.leaseForWriting(known.file)
        }
        defer { withExtendedLifetime(lease) {} }
        let connection = tables
        if !connection.prepared.contains(known.file) {
            for table in PhysicalTable.allCases { try connection.connection.execute(table.createSegment(in: known.file.alias)) }
            try connection.connection.execute(sql.clean(known.file, sealedHot: sealedHot))
        }
        var info = known
        info.pageBytes = Int64(try writeBodies(known.file, end: Int(known.pageBytes)))
        try passed(.pages)
        try connection.rowGroups.sealing(known.file) {
            try connection.connection.execute("BEGIN")
            do {
                for table in part.tables { try run(sql.move(table, known.file)) }
                try run("COMMIT")
            } catch {
                try? connection.connection.execute("ROLLBACK")
                throw error
            }
            try passed(.rows)
            try run("CHECKPOINT \(known.file.alias)")
        }
        try passed(.checkpoint)
        connection.didSeal(known.file)
        try addStatistics(to: &info)
        info.hot = generation.hot
        info.bytes = registry.folder.size(of: info.file)
        return info
    }

    private func passed(_ stage: SealStage) throws {
        if fault?(stage) == true { throw StorageError(code: .unavailable, message: "sealing was made to fail after \(stage)") }
    }

    /// Runs a statement that takes long. The engine's own way of running texts would spin while its other threads work.
    private func run(_ sql: String) throws {
        if shouldStop() { throw CancellationError() }
        var result = try tables.connection.query(sql)
        try result.drain()
    }

    /// - Returns: the bytes of the page file that are valid now.
    private func writeBodies(_ file: SegmentFile, end: Int) throws -> Int {
        try tables.connection.execute("DELETE FROM body_place")
        var writer = try pageWriter(file, end: end)
        let places: BodyPlaces
        do {
            var rows = try tables.connection.query(sql.bodies(file.key))
            let source = sql.hasBodiesInRows ? BodyPlaces.Source.rows : .held(registry.pages, FileSet.hotAlias(generation.hot))
            places = try BodyPlaces(&rows, source, &writer)
        }
        try writer.finish()
        try places.insert(into: tables.bodyPlace)
        return writer.end
    }

    /// A damaged page file must not keep the day from being sealed: it is set aside, and its records lose their messages.
    private func pageWriter(_ file: SegmentFile, end: Int) throws -> PageFileWriter {
        let path = registry.folder.pageFile(file)
        do throws(PageError) {
            return try PageFileWriter(path: path, end: end)
        } catch {
            guard error.code == .damaged else { throw error }
            // First the references, durably: the pages of the new file have the same numbers.
            try run("UPDATE \(file.alias).span SET body = NULL WHERE body IS NOT NULL")
            try run("CHECKPOINT \(file.alias)")
            try registry.giveUpPages(file, error.message)
            return try PageFileWriter(path: path, end: 0)
        }
    }

    private func addStatistics(to info: inout SegmentInfo) throws {
        var result = try tables.connection.query(sql.statistics(info.file))
        guard let chunk = try result.next() else { return }
        let columns = (0..<chunk.columnCount).map { chunk.column($0) }
        info.records += columns[0].int64(0)
        info.steps += columns[1].int64(0)
        info.metricPoints += columns[2].int64(0)
        info.minimumStart = min(info.minimumStart, columns[3].int64(0))
        info.maximumStart = max(info.maximumStart, columns[4].int64(0))
        info.lastSequence = max(info.lastSequence, columns[5].int64(0))
        info.hasSpanEvents = info.hasSpanEvents || columns[6].bool(0)
    }

    /// The hot file is deleted next, so that segments are in its place should not depend on the catalog's log alone. While somebody else
    /// writes to the catalog it cannot be done; then the log has it until the next one does.
    private func checkpointCatalog() {
        var last: (any Error)?
        for _ in 0..<25 {
            do {
                return try tables.connection.execute("CHECKPOINT")
            } catch {
                last = error
                if shouldStop() { break }
                Platform.sleep(milliseconds: 20)
            }
        }
        guard let last else { return }
        registry.logger.warning(
            "the catalog could not be checkpointed after sealing hot file \(generation.hot); its log has what is new, the next sealing tries again: \(last)"
        )
    }
}
