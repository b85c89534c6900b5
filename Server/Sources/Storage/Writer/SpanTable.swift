import DuckDBKit
import MessagePages
import TelemetryModel

/// Appends rows to `span`, column by column in the order of ``Schema/span``.
enum SpanTable {
    /// - Parameters:
    ///   - kept: indexes of the rows, no more than fit into the chunk.
    ///   - bodies: the packed message bodies, nil when the batch has none.
    ///   - firstPage: the number of their first page.
    static func append(
        _ batch: borrowing RecordBatch, rows kept: ArraySlice<Int32>, bodies: PackedBodies?, firstPage: Int, project: Int32,
        sequence: Int64, to table: inout FeedChunk
    ) throws(DuckDBError) {
        let first = table.begin()
        let resources = batch.resources
        let scopes = batch.scopes
        // The rows are read in place: copying one per column would cost more than the column.
        batch.rows.withUnsafeBufferPointer { rows in
            kept.withUnsafeBufferPointer { kept in
                /// Writes one column: `body` gets the chunk row and the record.
                func each(_ body: (inout ColumnWriter, Int, UnsafePointer<RecordRow>) -> Void) {
                    table.column { column in
                        for (offset, index) in kept.enumerated() {
                            body(&column, first + offset, rows.baseAddress.unsafelyUnwrapped + Int(index))
                        }
                    }
                }
                func text(_ field: TextField) { each { ColumnWriting.text(&$0, $1, field($2), batch.text) } }

                each { column, row, _ in column.set(row, project) }
                each { column, row, _ in column.set(row, sequence) }
                each { $0.set($1, $2.pointee.kind.rawValue) }
                each { ColumnWriting.id(&$0, $1, $2.pointee.traceID) }
                each { ColumnWriting.id(&$0, $1, $2.pointee.spanID) }
                each { ColumnWriting.id(&$0, $1, $2.pointee.parentSpanID) }
                each { $0.set($1, ColumnWriting.microseconds($2.pointee.startNanoseconds)) }
                each { $0.set($1, ColumnWriting.nanosecondRest($2.pointee.startNanoseconds)) }
                each { $0.set($1, ColumnWriting.microseconds($2.pointee.endNanoseconds)) }
                each { $0.set($1, duration($2)) }
                text { $0.pointee.spanName }
                text { $0.pointee.message }
                each { $0.set($1, $2.pointee.level) }
                each { $0.set($1, $2.pointee.spanKind) }
                each { $0.set($1, $2.pointee.statusCode.rawValue) }
                text { $0.pointee.statusMessage }
                each { $0.set($1, $2.pointee.isException) }
                text { $0.pointee.exceptionType }
                text { $0.pointee.exceptionMessage }
                text { $0.pointee.exceptionStacktrace }
                each { $0.set($1, resources[Int($2.pointee.resource)].id) }
                each { $0.set($1, scopes[Int($2.pointee.scope)].id) }
                each { $0.set($1, httpStatus($2.pointee.httpStatusCode)) }
                text { $0.pointee.httpMethod }
                text { $0.pointee.httpRoute }
                text { $0.pointee.tagsJSON }
                each { $0.set($1, $2.pointee.spanEventCount) }
                text { $0.pointee.attributesJSON }
                table.column { column in
                    for (offset, index) in kept.enumerated() {
                        column.set(first + offset, bodies?.reference(Int(index), firstPage: firstPage)?.rawValue)
                    }
                }
                text { $0.pointee.eventsJSON }
                text { $0.pointee.linksJSON }
                text { $0.pointee.logBodyJSON }
            }
        }
        try table.end(kept.count)
    }

    private typealias TextField = (UnsafePointer<RecordRow>) -> TextRef

    /// Seconds; logs and pending spans have none.
    private static func duration(_ row: UnsafePointer<RecordRow>) -> Double? {
        guard row.pointee.kind == .span else { return nil }
        return Double(row.pointee.endNanoseconds &- row.pointee.startNanoseconds) / 1e9
    }

    private static func httpStatus(_ code: Int32) -> Int16? { Int16(exactly: code).flatMap { $0 < 0 ? nil : $0 } }
}
