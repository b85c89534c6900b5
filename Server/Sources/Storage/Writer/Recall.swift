import DuckDBKit
import TelemetryModel

/// Reads back which rows of a group's traces are in segments, so that repeats of them are found. Most groups have none: only new traces, or
/// such whose rows are all hot.
enum Recall {
    static func run(
        _ group: [IngestBatch], _ state: inout HotState, _ registry: FileRegistry, _ connection: borrowing Connection
    ) throws {
        var traces: [Int32: [UInt64: TraceID]] = [:]
        var points: [Int32: [UInt64: UInt64]] = [:]
        for batch in group {
            let project = batch.project.value
            if let records = batch.records {
                var last = TraceID.invalid
                for row in records.rows where row.traceID != last {
                    last = row.traceID
                    let hash = state.key.trace(project, last)
                    if state.keys.needsRecall(hash) { traces[project, default: [:]][hash] = last }
                }
            }
            for point in batch.metrics?.points ?? [] {
                let hash = state.key.point(project, point.id)
                if state.keys.needsRecall(hash) { points[project, default: [:]][hash] = point.id }
            }
        }
        for (project, asked) in traces { try recall(traces: asked, project, &state, registry, connection) }
        for (project, asked) in points { try recall(points: asked, project, &state, registry, connection) }
    }

    private static func recall(
        traces: [UInt64: TraceID], _ project: Int32, _ state: inout HotState, _ registry: FileRegistry, _ connection: borrowing Connection
    ) throws {
        let lease = try registry.lease(project: project, wanted: .traces(Array(traces.keys)), hots: false)
        var rows: [UInt64] = []
        if !lease.arms.arms.isEmpty {
            let isAsked = TextSetFunction.condition("trace_id", traces.values.map(\.description))
            var result = try connection.query(
                lease.resolve("SELECT trace_id, span_id, kind FROM span WHERE project_id = \(project) AND \(isAsked)"))
            while let chunk = try result.next() {
                for row in 0..<chunk.rowCount {
                    guard let trace = StoredID.trace(chunk.column(0), row), let span = StoredID.span(chunk.column(1), row) else { continue }
                    let kind = UInt8(truncatingIfNeeded: chunk.column(2).int64(row))
                    rows.append(state.key.row(project, trace, span, kind))
                    // The row that said it had begun was left out.
                    if kind == RecordKind.span.rawValue {
                        rows.append(state.key.row(project, trace, span, RecordKind.pendingSpan.rawValue))
                    }
                }
            }
        }
        state.keys.recall(Array(traces.keys), rows)
    }

    private static func recall(
        points: [UInt64: UInt64], _ project: Int32, _ state: inout HotState, _ registry: FileRegistry, _ connection: borrowing Connection
    ) throws {
        let lease = try registry.lease(project: project, wanted: .others(Array(points.keys)), hots: false)
        var rows: [UInt64] = []
        if !lease.arms.arms.isEmpty {
            let list = points.values.map { "\($0)" }.joined(separator: ", ")
            var result = try connection.query(
                lease.resolve("SELECT point_id FROM metric_point WHERE project_id = \(project) AND point_id IN (\(list))"))
            while let chunk = try result.next() {
                for row in 0..<chunk.rowCount { rows.append(state.key.point(project, chunk.column(0).uint64(row))) }
            }
        }
        state.keys.recall(Array(points.keys), rows)
    }
}
