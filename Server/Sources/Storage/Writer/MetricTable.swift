import DuckDBKit
import TelemetryModel

/// Appends rows to `metric_point`, column by column in the order of ``Schema/metricPoint``.
enum MetricTable {
    /// - Parameter kept: indexes of the points, no more than fit into the chunk.
    static func append(
        _ batch: borrowing MetricBatch, points kept: ArraySlice<Int32>, project: Int32, sequence: Int64, to table: inout FeedChunk
    ) throws(DuckDBError) {
        let first = table.begin()
        let metrics = batch.metrics
        let points = batch.points

        func each(_ body: (inout ColumnWriter, Int, MetricPoint) throws(DuckDBError) -> Void) throws(DuckDBError) {
            try table.column { (column) throws(DuckDBError) in
                var row = first
                for index in kept {
                    try body(&column, row, points[Int(index)])
                    row += 1
                }
            }
        }
        func metric(_ body: (inout ColumnWriter, Int, MetricInfo) -> Void) throws(DuckDBError) {
            try each { (column, row, point) throws(DuckDBError) in body(&column, row, metrics[Int(point.metric)]) }
        }
        func text(_ field: (MetricPoint) -> TextRef) throws(DuckDBError) {
            try each { (column, row, point) throws(DuckDBError) in ColumnWriting.text(&column, row, field(point), batch.text) }
        }
        func counts(_ field: (MetricPoint) -> Range<Int>) throws(DuckDBError) {
            try each { (column, row, point) throws(DuckDBError) in try list(&column, row, batch.counts[field(point)]) }
        }

        try each { (column, row, _) throws(DuckDBError) in column.set(row, project) }
        try each { (column, row, _) throws(DuckDBError) in column.set(row, sequence) }
        try each { (column, row, point) throws(DuckDBError) in column.set(row, point.id) }
        try each { (column, row, point) throws(DuckDBError) in column.set(row, ColumnWriting.microseconds(point.timeNanoseconds)) }
        try each { (column, row, point) throws(DuckDBError) in
            column.set(row, point.startNanoseconds == 0 ? nil : ColumnWriting.microseconds(point.startNanoseconds))
        }
        try metric { $0.setText($1, $2.name) }
        try metric { $0.setText($1, $2.type.rawValue) }
        try metric { $0.setText($1, $2.unit) }
        try metric { $0.setText($1, $2.description) }
        try metric { $0.set($1, $2.temporality.rawValue) }
        try metric { $0.set($1, $2.isMonotonic) }
        try each { (column, row, point) throws(DuckDBError) in column.set(row, batch.resources[Int(point.resource)].id) }
        try each { (column, row, point) throws(DuckDBError) in column.set(row, batch.scopes[Int(point.scope)].id) }
        try text { $0.attributesJSON }
        try text { $0.exemplarsJSON }
        try each { (column, row, point) throws(DuckDBError) in column.set(row, point.scalarValue) }
        try each { (column, row, point) throws(DuckDBError) in column.set(row, point.count) }
        try each { (column, row, point) throws(DuckDBError) in column.set(row, point.sum) }
        try each { (column, row, point) throws(DuckDBError) in column.set(row, point.min) }
        try each { (column, row, point) throws(DuckDBError) in column.set(row, point.max) }
        try each { (column, row, point) throws(DuckDBError) in column.set(row, point.scale) }
        try each { (column, row, point) throws(DuckDBError) in column.set(row, point.zeroCount) }
        try each { (column, row, point) throws(DuckDBError) in column.set(row, point.zeroThreshold) }
        try each { (column, row, point) throws(DuckDBError) in column.set(row, point.positiveOffset) }
        try each { (column, row, point) throws(DuckDBError) in column.set(row, point.negativeOffset) }
        try counts { $0.bucketCounts }
        try each { (column, row, point) throws(DuckDBError) in try list(&column, row, batch.bounds[point.explicitBounds]) }
        try counts { $0.positiveBucketCounts }
        try counts { $0.negativeBucketCounts }
        try text { $0.quantilesJSON }
        try table.end(kept.count)
    }

    /// Writes a list; NULL where the metric type has none.
    private static func list<T: BitwiseCopyable>(_ column: inout ColumnWriter, _ row: Int, _ values: ArraySlice<T>) throws(DuckDBError) {
        if values.isEmpty { return column.setNull(row) }
        try column.setList(row, values)
    }
}
