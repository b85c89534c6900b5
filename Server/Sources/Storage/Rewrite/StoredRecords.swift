import DuckDBKit
import GenAI
import TelemetryModel

/// Reads stored records back as the decoder gave them, as far as the extraction of steps looks at them.
enum StoredRecords {
    /// All records of the given traces, logs and pending spans among them.
    static func read(
        _ traces: [String], project: Int32, _ files: FileLease, _ connection: borrowing Connection
    ) throws(DuckDBError) -> RecordBatch {
        var batch = RecordBatch()
        var resources: [UInt64: UInt32] = [:]
        var scopes: [UInt64: UInt32] = [:]
        let sql = """
            SELECT s.kind, s.trace_id, s.span_id, s.parent_span_id, epoch_us(s.start_timestamp) * 1000 + s.start_nanosecond,
                epoch_us(s.end_timestamp), s.duration, s.span_name, s.span_kind, s.status_code, s.is_exception, s.exception_type,
                s.resource_id, s.scope_id, s.http_status_code, s.http_method, s.span_event_count, s.attributes, s.bodies, s.events, s.log_body,
                r.service_name, o.name
            FROM span s
            LEFT JOIN resource r ON r.project_id = s.project_id AND r.resource_id = s.resource_id
            LEFT JOIN scope o ON o.project_id = s.project_id AND o.scope_id = s.scope_id
            WHERE s.project_id = \(project) AND \(TextSetFunction.condition("s.trace_id", traces))
            """
        var result = try connection.query(files.resolve(sql))
        while let chunk = try result.next() {
            let columns = (0..<chunk.columnCount).map { chunk.column($0) }
            for index in 0..<chunk.rowCount {
                guard let row = row(columns, index, &batch, &resources, &scopes) else { continue }
                batch.rows.append(row)
            }
        }
        return batch
    }

    private static func row(
        _ columns: [ColumnReader], _ index: Int, _ batch: inout RecordBatch, _ resources: inout [UInt64: UInt32],
        _ scopes: inout [UInt64: UInt32]
    ) -> RecordRow? {
        func text(_ column: Int) -> TextRef {
            columns[column].isNull(index) ? .null : batch.text.append(columns[column].string(index))
        }
        func int(_ column: Int) -> Int64? { columns[column].isNull(index) ? nil : columns[column].int64(index) }
        guard let trace = StoredID.trace(columns[1], index), let span = StoredID.span(columns[2], index),
            let parent = StoredID.span(columns[3], index),
            let kind = RecordKind(rawValue: UInt8(truncatingIfNeeded: columns[0].int64(index)))
        else { return nil }
        var row = RecordRow()
        row.kind = kind
        row.traceID = trace
        row.spanID = span
        row.parentSpanID = parent
        row.startNanoseconds = int(4) ?? 0
        // The stored end has microseconds; the duration knows the rest.
        let end = columns[6].isNull(index) ? nil : row.startNanoseconds + Int64((columns[6].double(index) * 1e9).rounded())
        row.endNanoseconds = end ?? row.startNanoseconds
        row.spanName = text(7)
        row.message = row.spanName
        row.spanKind = UInt8(truncatingIfNeeded: int(8) ?? 0)
        row.statusCode = StatusCode(rawValue: UInt8(truncatingIfNeeded: int(9) ?? 0)) ?? .unset
        row.isException = !columns[10].isNull(index) && columns[10].bool(index)
        row.exceptionType = text(11)
        row.httpStatusCode = int(14).map { Int32(truncatingIfNeeded: $0) } ?? -1
        row.httpMethod = text(15)
        row.spanEventCount = UInt16(clamping: int(16) ?? 0)
        row.eventsJSON = text(19)
        row.logBodyJSON = text(20)
        let resource = columns[12].uint64(index)
        if resources[resource] == nil {
            resources[resource] = UInt32(batch.resources.count)
            var info = ResourceInfo(id: resource, attributesJSON: "")
            info.serviceName = columns[21].isNull(index) ? nil : columns[21].string(index)
            batch.resources.append(info)
        }
        row.resource = resources[resource] ?? 0
        let scope = columns[13].uint64(index)
        if scopes[scope] == nil {
            scopes[scope] = UInt32(batch.scopes.count)
            let name = columns[22].isNull(index) ? "" : columns[22].string(index)
            batch.scopes.append(ScopeInfo(id: scope, name: name, version: nil, attributesJSON: nil))
        }
        row.scope = scopes[scope] ?? 0
        let first = UInt32(batch.attributes.count)
        for column in [17, 18] {
            let json = text(column)
            if !json.isNull { StoredAttributes.append(json, to: &batch) }
        }
        row.attributes = first..<UInt32(batch.attributes.count)
        // Logs that came as spans say so.
        row.isOTLPLog = kind == .log && !batch.attributes[Int(first)...].contains { $0.key == .logfireSpanType }
        return row
    }
}
