import DuckDBKit
import Foundation
import OTLPIngest
import TelemetryModel

/// Fixed work on the same spans in the same run: on a slow or busy machine it grows with the figures, so that ratios can be compared.
struct Reference {
    struct Figure: Codable {
        /// Microseconds of CPU per span to decode the bodies into rows, on one thread.
        var decode: Double
        /// Microseconds of CPU per span to append those rows to a plain DuckDB table, durably, four bodies to a commit.
        var append: Double
        /// Bytes per span of that table's file.
        var appendDiskBytes: Double
        /// Milliseconds of CPU to read that table on one thread: to count, add up and average by name, and to look for the common phrase.
        var scanAggregate: Double
        var scanSearch: Double
    }

    private static let scans = (
        aggregate: "SELECT name, count(*), sum(duration), avg(duration) FROM spans GROUP BY name",
        search: "SELECT count(*) FROM spans WHERE bodies ILIKE '%\(WorkloadNeedle.common.phrase)%'"
    )
    private static let scanRepeats = 5

    private static let schema = """
        CREATE TABLE spans (start_ns BIGINT, duration DOUBLE, trace_high UBIGINT, trace_low UBIGINT, span_id UBIGINT, parent_id UBIGINT,
        kind UTINYINT, status UTINYINT, level SMALLINT, name VARCHAR, message VARCHAR, attributes VARCHAR, bodies VARCHAR, events VARCHAR)
        """

    static func run(_ file: FrameFile, folder: String) throws(BenchError) -> Figure {
        let path = "\(folder)/reference.db"
        do {
            let database = try Database(path: path, options: [("threads", "1")])
            let connection = try database.connect()
            try connection.execute(schema)
            let feed = try InsertFeed(table: "spans", connection: connection)
            var (decode, append) = (0.0, 0.0)
            for start in stride(from: 0, to: file.frames.count, by: 4) {
                var batches: [RecordBatch] = []
                for index in start..<min(start + 4, file.frames.count) {
                    let body = try file.body(index)
                    let before = ProcessClock.own(threadOnly: true)
                    batches.append(try TraceDecoder.decode(body, encoding: .protobuf))
                    decode += ProcessClock.own(threadOnly: true) - before
                }
                let before = ProcessClock.own()
                try connection.execute("BEGIN")
                for batch in batches { try write(batch, feed) }
                try connection.execute("COMMIT")
                append += ProcessClock.own() - before
            }
            let before = ProcessClock.own()
            try connection.execute("CHECKPOINT")
            append += ProcessClock.own() - before
            let perSpan = 1e6 / Double(file.spans)
            return Figure(
                decode: decode * perSpan, append: append * perSpan,
                appendDiskBytes: Double(ProcessClock.diskBytes(folder)) / Double(file.spans),
                scanAggregate: try scan(scans.aggregate, connection), scanSearch: try scan(scans.search, connection))
        } catch let error as BenchError {
            throw error
        } catch {
            throw BenchError("the reference failed: \(error)")
        }
    }

    /// Milliseconds of CPU per run, after one that is not counted.
    private static func scan(_ sql: String, _ connection: borrowing Connection) throws(DuckDBError) -> Double {
        try connection.execute(sql)
        let before = ProcessClock.own()
        for _ in 0..<scanRepeats { try connection.execute(sql) }
        return (ProcessClock.own() - before) * 1_000 / Double(scanRepeats)
    }

    private static func write(_ batch: RecordBatch, _ feed: borrowing InsertFeed) throws(DuckDBError) {
        var next = 0
        try feed.insert { (chunk) throws(DuckDBError) in
            let count = min(chunk.room, batch.rows.count - next)
            guard count > 0 else { return }
            let rows = batch.rows[next..<(next + count)]
            next += count
            _ = chunk.begin()
            fill(rows, &chunk) { $0.startNanoseconds }
            fill(rows, &chunk) { Double($0.endNanoseconds - $0.startNanoseconds) / 1e9 }
            fill(rows, &chunk) { $0.traceID.high }
            fill(rows, &chunk) { $0.traceID.low }
            fill(rows, &chunk) { $0.spanID.value }
            fill(rows, &chunk) { $0.parentSpanID.value }
            fill(rows, &chunk) { $0.spanKind }
            fill(rows, &chunk) { $0.statusCode.rawValue }
            fill(rows, &chunk) { $0.level }
            fill(rows, batch, &chunk) { $0.spanName }
            fill(rows, batch, &chunk) { $0.message }
            fill(rows, batch, &chunk) { $0.attributesJSON }
            fill(rows, batch, &chunk) { $0.bodiesJSON }
            fill(rows, batch, &chunk) { $0.eventsJSON }
            try chunk.end(count)
        }
    }

    private static func fill<T: BitwiseCopyable>(_ rows: ArraySlice<RecordRow>, _ chunk: inout FeedChunk, _ value: (RecordRow) -> T) {
        chunk.column { writer in
            for (index, row) in rows.enumerated() { writer.set(index, value(row)) }
        }
    }

    private static func fill(_ rows: ArraySlice<RecordRow>, _ batch: RecordBatch, _ chunk: inout FeedChunk, _ text: (RecordRow) -> TextRef)
    {
        chunk.column { writer in
            for (index, row) in rows.enumerated() {
                let ref = text(row)
                if ref.isNull { writer.setNull(index) } else { batch.text.withBytes(ref) { writer.setBytes(index, $0) } }
            }
        }
    }
}
