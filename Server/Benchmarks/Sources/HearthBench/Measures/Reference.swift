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
    }

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
                let appender = try connection.appender(table: "spans")
                let chunk = appender.makeChunk()
                for batch in batches { try write(batch, chunk, appender) }
                try appender.flush()
                try connection.execute("COMMIT")
                append += ProcessClock.own() - before
            }
            let before = ProcessClock.own()
            try connection.execute("CHECKPOINT")
            append += ProcessClock.own() - before
            let perSpan = 1e6 / Double(file.spans)
            return Figure(
                decode: decode * perSpan, append: append * perSpan,
                appendDiskBytes: Double(ProcessClock.diskBytes(folder)) / Double(file.spans))
        } catch let error as BenchError {
            throw error
        } catch {
            throw BenchError("the reference failed: \(error)")
        }
    }

    private static func write(_ batch: RecordBatch, _ chunk: borrowing AppendChunk, _ appender: borrowing Appender) throws(DuckDBError) {
        for start in stride(from: 0, to: batch.rows.count, by: AppendChunk.capacity) {
            let rows = batch.rows[start..<min(start + AppendChunk.capacity, batch.rows.count)]
            chunk.reset()
            fill(0, rows, chunk) { $0.startNanoseconds }
            fill(1, rows, chunk) { Double($0.endNanoseconds - $0.startNanoseconds) / 1e9 }
            fill(2, rows, chunk) { $0.traceID.high }
            fill(3, rows, chunk) { $0.traceID.low }
            fill(4, rows, chunk) { $0.spanID.value }
            fill(5, rows, chunk) { $0.parentSpanID.value }
            fill(6, rows, chunk) { $0.spanKind }
            fill(7, rows, chunk) { $0.statusCode.rawValue }
            fill(8, rows, chunk) { $0.level }
            fill(9, rows, batch, chunk, \.spanName)
            fill(10, rows, batch, chunk, \.message)
            fill(11, rows, batch, chunk, \.attributesJSON)
            fill(12, rows, batch, chunk, \.bodiesJSON)
            fill(13, rows, batch, chunk, \.eventsJSON)
            try appender.append(chunk, rowCount: rows.count)
        }
    }

    private static func fill<T: BitwiseCopyable>(
        _ column: Int, _ rows: ArraySlice<RecordRow>, _ chunk: borrowing AppendChunk, _ value: (RecordRow) -> T
    ) {
        chunk.write(column) { writer in
            for (index, row) in rows.enumerated() { writer.set(index, value(row)) }
        }
    }

    private static func fill(
        _ column: Int, _ rows: ArraySlice<RecordRow>, _ batch: RecordBatch, _ chunk: borrowing AppendChunk,
        _ text: KeyPath<RecordRow, TextRef>
    ) {
        chunk.write(column) { writer in
            for (index, row) in rows.enumerated() {
                let ref = row[keyPath: text]
                if ref.isNull { writer.setNull(index) } else { batch.text.withBytes(ref) { writer.setBytes(index, $0) } }
            }
        }
    }
}
