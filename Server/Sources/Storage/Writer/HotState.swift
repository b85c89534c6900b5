import DuckDBKit
import GenAI
import TelemetryModel

/// What the writer knows about the rows of the hot file without asking the engine. Rebuilt by scans when the file is opened.
struct HotState {
    let key: IdentityKey
    /// Rows of `span` and points of `metric_point`.
    var identities: IdentitySet
    /// Rows of `resource` and `scope`.
    var interned: Set<UInt64> = []
    /// Traces with rows in `span`.
    var traces: IdentitySet
    /// Responses that calls in `step` name.
    var responses = IdentitySet()
    /// Stream keys that calls in `step` have.
    var streamKeys = IdentitySet()
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
    init(_ connection: borrowing Connection) throws(DuckDBError) {
        key = try Self.loadKey(connection)
        (records, lastSequence) = try Self.countAndSequence(connection, table: "span")
        let (points, pointSequence) = try Self.countAndSequence(connection, table: "metric_point")
        metricPoints = points
        lastSequence = max(lastSequence, pointSequence)
        identities = IdentitySet(capacity: Int(records + points) * 2)
        traces = IdentitySet(capacity: Int(records) / 4)
        try scanRows(connection)
        try scanPoints(connection)
        try scanInterned(connection)
        try scanResponses(connection)
        try scanStreamKeys(connection)
        try scanRemovedTraces(connection)
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

    private mutating func scanRows(_ connection: borrowing Connection) throws(DuckDBError) {
        var result = try connection.query("SELECT project_id, trace_id, span_id, kind, span_event_count FROM span")
        while let chunk = try result.next() {
            let (projects, traceIDs, spanIDs) = (chunk.column(0), chunk.column(1), chunk.column(2))
            let (kinds, events) = (chunk.column(3), chunk.column(4))
            for row in 0..<chunk.rowCount {
                guard let trace = StoredID.trace(traceIDs, row), let span = StoredID.span(spanIDs, row) else { continue }
                let project = Int32(truncatingIfNeeded: projects.int64(row))
                identities.insert(key.row(project, trace, span, UInt8(truncatingIfNeeded: kinds.int64(row))))
                traces.insert(key.trace(project, trace))
                if events.int64(row) > 0 { projectsWithSpanEvents.insert(project) }
            }
        }
    }

    private mutating func scanPoints(_ connection: borrowing Connection) throws(DuckDBError) {
        var result = try connection.query("SELECT project_id, point_id FROM metric_point")
        while let chunk = try result.next() {
            let (projects, ids) = (chunk.column(0), chunk.column(1))
            for row in 0..<chunk.rowCount {
                identities.insert(key.point(Int32(truncatingIfNeeded: projects.int64(row)), ids.uint64(row)))
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
    fileprivate mutating func scanResponses(_ connection: borrowing Connection) throws(DuckDBError) {
        var result = try connection.query(
            "SELECT project_id, provider, response_id FROM step WHERE kind = 0 AND response_id IS NOT NULL"
        )
        while let chunk = try result.next() {
            let (projects, providers, ids) = (chunk.column(0), chunk.column(1), chunk.column(2))
            for row in 0..<chunk.rowCount {
                let response = ResponseKey(provider: StoredID.hash(providers, row), responseID: StoredID.hash(ids, row))
                responses.insert(key.response(Int32(truncatingIfNeeded: projects.int64(row)), response))
            }
        }
    }
}

extension HotState {
    fileprivate mutating func scanStreamKeys(_ connection: borrowing Connection) throws(DuckDBError) {
        var result = try connection.query("SELECT project_id, stream_key FROM step WHERE stream_key IS NOT NULL")
        while let chunk = try result.next() {
            let (projects, keys) = (chunk.column(0), chunk.column(1))
            for row in 0..<chunk.rowCount {
                streamKeys.insert(key.stream(Int32(truncatingIfNeeded: projects.int64(row)), keys.uint64(row)))
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

    /// ``SpanID/none`` for NULL.
    static func span(_ column: ColumnReader, _ row: Int) -> SpanID? {
        if column.isNull(row) { return SpanID.none }
        return column.withBytes(row) { Hex.read($0).map(SpanID.init) }
    }
}
