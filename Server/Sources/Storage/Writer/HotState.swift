import DuckDBKit
import GenAI
import TelemetryModel

/// What the writer knows about stored rows without asking the engine. Rebuilt by scans of the hot files when they are opened.
struct HotState {
    let key: IdentityKey
    /// Rows, traces, responses and streams.
    var keys: StoredKeys
    /// Rows of `resource` and `scope`.
    var interned: Set<UInt64> = []
    /// What decisions about model calls and tools depend on, of recently touched traces.
    var steps: [Int32: ProjectSteps] = [:]
    /// Traces that sampling removed.
    var removedTraces = RemovedTraces()
    /// Projects with spans that have span events.
    var projectsWithSpanEvents: Set<Int32> = []
    /// The newest commit.
    var lastSequence: Int64 = 0
    var records: Int64 = 0
    var metricPoints: Int64 = 0

    /// Reads the state back.
    init(_ connection: borrowing Connection, _ files: FileSet) throws(DuckDBError) {
        key = try Self.loadKey(connection)
        keys = StoredKeys(generations: [], filters: files.filters, sealedHot: files.sealedHot)
        for info in files.segments.values {
            records += info.records
            metricPoints += info.metricPoints
            lastSequence = max(lastSequence, info.lastSequence)
            if info.hasSpanEvents { projectsWithSpanEvents.insert(info.key.project) }
        }
        for hot in files.hots { try scan(hot, connection) }
        try scanInterned(connection)
        try scanRemovedTraces(connection)
    }

    private mutating func scan(_ hot: Int64, _ connection: borrowing Connection) throws(DuckDBError) {
        let alias = FileSet.hotAlias(hot)
        let (records, sequence) = try Self.countAndSequence(connection, table: "\(alias).span")
        let (points, pointSequence) = try Self.countAndSequence(connection, table: "\(alias).metric_point")
        lastSequence = max(lastSequence, sequence, pointSequence)
        self.records += records
        metricPoints += points
        keys.begin(hot: hot, capacity: Int(records) * 2)
        keys.current.records = records
        keys.current.metricPoints = points
        keys.current.starts = try Self.starts(connection, alias)
        try scanRows(connection, alias)
        try scanPoints(connection, alias)
        try scanResponses(connection, alias)
        try scanStreamKeys(connection, alias)
    }

    /// Forgets the least recently touched traces when too much is remembered.
    mutating func shrinkSteps(to bytes: Int) {
        let used = steps.values.reduce(0) { $0 + $1.estimatedByteSize }
        guard used > bytes else { return }
        let share = bytes / steps.count
        for project in Array(steps.keys) { steps[project]?.shrink(to: share) }
    }

    private static func loadKey(_ connection: borrowing Connection) throws(DuckDBError) -> IdentityKey {
        var result = try connection.query("SELECT value FROM meta WHERE name = 'identity_key'")
        if let chunk = try result.next() {
            guard let key = IdentityKey(chunk.column(0).string(0)) else {
                throw DuckDBError(code: .serialization, message: "the identity key of the data folder is not readable")
            }
            return key
        }
        let key = IdentityKey()
        try connection.execute("INSERT INTO meta VALUES ('identity_key', '\(key.text)')")
        return key
    }

    private static func countAndSequence(_ connection: borrowing Connection, table: String) throws(DuckDBError) -> (Int64, Int64) {
        var result = try connection.query("SELECT count(*), coalesce(max(commit_sequence), 0) FROM \(table)")
        guard let chunk = try result.next() else { return (0, 0) }
        return (chunk.column(0).int64(0), chunk.column(1).int64(0))
    }

    private static func starts(_ connection: borrowing Connection, _ alias: String) throws(DuckDBError) -> ClosedRange<Int64>? {
        var result = try connection.query("SELECT epoch_us(min(start_timestamp)), epoch_us(max(start_timestamp)) FROM \(alias).span")
        guard let chunk = try result.next(), !chunk.column(0).isNull(0) else { return nil }
        return chunk.column(0).int64(0)...chunk.column(1).int64(0)
    }

    private mutating func scanRows(_ connection: borrowing Connection, _ alias: String) throws(DuckDBError) {
        var result = try connection.query("SELECT project_id, trace_id, span_id, kind, span_event_count FROM \(alias).span")
        while let chunk = try result.next() {
            let (projects, traceIDs, spanIDs) = (chunk.column(0), chunk.column(1), chunk.column(2))
            let (kinds, events) = (chunk.column(3), chunk.column(4))
            for row in 0..<chunk.rowCount {
                guard let trace = StoredID.trace(traceIDs, row), let span = StoredID.span(spanIDs, row) else { continue }
                let project = Int32(truncatingIfNeeded: projects.int64(row))
                keys.current.identities.insert(key.row(project, trace, span, UInt8(truncatingIfNeeded: kinds.int64(row))))
                keys.current.traces.insert(key.trace(project, trace))
                if events.int64(row) > 0 { projectsWithSpanEvents.insert(project) }
            }
        }
    }

    private mutating func scanPoints(_ connection: borrowing Connection, _ alias: String) throws(DuckDBError) {
        var result = try connection.query("SELECT project_id, point_id FROM \(alias).metric_point")
        while let chunk = try result.next() {
            let (projects, ids) = (chunk.column(0), chunk.column(1))
            for row in 0..<chunk.rowCount {
                keys.current.points.insert(key.point(Int32(truncatingIfNeeded: projects.int64(row)), ids.uint64(row)))
            }
        }
    }

    private mutating func scanInterned(_ connection: borrowing Connection) throws(DuckDBError) {
        var result = try connection.query(
            "SELECT project_id, resource_id, true FROM resource UNION ALL SELECT project_id, scope_id, false FROM scope"
        )
        while let chunk = try result.next() {
            let (projects, ids, areResources) = (chunk.column(0), chunk.column(1), chunk.column(2))
            for row in 0..<chunk.rowCount {
                let project = Int32(truncatingIfNeeded: projects.int64(row))
                let id = ids.uint64(row)
                interned.insert(areResources.bool(row) ? key.resource(project, id) : key.scope(project, id))
            }
        }
    }
}

extension HotState {
    fileprivate mutating func scanResponses(_ connection: borrowing Connection, _ alias: String) throws(DuckDBError) {
        var result = try connection.query(
            "SELECT project_id, provider, response_id FROM \(alias).step WHERE kind = 0 AND response_id IS NOT NULL"
        )
        while let chunk = try result.next() {
            let (projects, providers, ids) = (chunk.column(0), chunk.column(1), chunk.column(2))
            for row in 0..<chunk.rowCount {
                let response = ResponseKey(provider: StoredID.hash(providers, row), responseID: StoredID.hash(ids, row))
                keys.current.responses.insert(key.response(Int32(truncatingIfNeeded: projects.int64(row)), response))
            }
        }
    }
}

extension HotState {
    fileprivate mutating func scanStreamKeys(_ connection: borrowing Connection, _ alias: String) throws(DuckDBError) {
        var result = try connection.query("SELECT project_id, stream_key FROM \(alias).step WHERE stream_key IS NOT NULL")
        while let chunk = try result.next() {
            let (projects, keys) = (chunk.column(0), chunk.column(1))
            for row in 0..<chunk.rowCount {
                self.keys.current.streamKeys.insert(key.stream(Int32(truncatingIfNeeded: projects.int64(row)), keys.uint64(row)))
            }
        }
    }
}

extension HotState {
    /// The newest decisions are the ones whose late records are still to come.
    fileprivate mutating func scanRemovedTraces(_ connection: borrowing Connection) throws(DuckDBError) {
        var result = try connection.query(
            """
            SELECT project_id, trace_id FROM (
                SELECT project_id, trace_id, commit_sequence FROM trace_sample WHERE NOT is_kept
                ORDER BY commit_sequence DESC LIMIT \(RemovedTraces.generationLimit - 1)
            ) ORDER BY commit_sequence
            """)
        while let chunk = try result.next() {
            let (projects, traceIDs) = (chunk.column(0), chunk.column(1))
            for row in 0..<chunk.rowCount {
                guard let trace = StoredID.trace(traceIDs, row) else { continue }
                removedTraces.insert(key.trace(Int32(truncatingIfNeeded: projects.int64(row)), trace))
            }
        }
    }
}

/// Reads ids back from their text.
enum StoredID {
    static func trace(_ column: ColumnReader, _ row: Int) -> TraceID? {
        if column.isNull(row) { return nil }
        return column.withBytes(row) { digits in
            guard digits.count == 32, let high = Hex.read(.init(rebasing: digits[0..<16])),
                let low = Hex.read(.init(rebasing: digits[16...]))
            else { return nil }
            return TraceID(high: high, low: low)
        }
    }

    /// From 32 hexadecimal digits.
    static func trace(_ text: String) -> TraceID? {
        var text = text
        return text.withUTF8 { digits in
            guard digits.count == 32, let high = Hex.read(.init(rebasing: digits[0..<16])),
                let low = Hex.read(.init(rebasing: digits[16...]))
            else { return nil }
            return TraceID(high: high, low: low)
        }
    }

    /// ``SpanID/none`` for NULL.
    static func span(_ column: ColumnReader, _ row: Int) -> SpanID? {
        if column.isNull(row) { return SpanID.none }
        return column.withBytes(row) { Hex.read($0).map(SpanID.init) }
    }
}
