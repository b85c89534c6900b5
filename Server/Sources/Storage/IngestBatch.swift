public import GenAI
import MessagePages
public import TelemetryModel

/// What one request brings to be stored for one project. Metrics and records may come together or alone.
public struct IngestBatch: Sendable {
    public var project: ProjectID
    public var records: RecordBatch?
    /// The GenAI steps of ``records``, from `StepExtractor`.
    public var steps: [GenAIStep]
    public var metrics: MetricBatch?
    /// The message bodies of ``records``, packed; nil when there are none or they are not packed yet.
    private(set) var packed: PackedBodies?

    public init(project: ProjectID, records: RecordBatch? = nil, steps: [GenAIStep] = [], metrics: MetricBatch? = nil) {
        self.project = project
        self.records = records
        self.steps = steps
        self.metrics = metrics
    }

    /// Rows in the batch: records and metric points.
    var rowCount: Int { (records?.rows.count ?? 0) + (metrics?.points.count ?? 0) }

    /// Memory the batch holds while it waits, roughly.
    var byteCount: Int {
        var bytes = MemoryLayout<GenAIStep>.stride * steps.count
        if let records {
            bytes += records.text.source.count + records.text.arena.count + records.rows.count * MemoryLayout<RecordRow>.stride
            bytes += records.attributes.count * MemoryLayout<Attribute>.stride
        }
        bytes += packed?.byteCount ?? 0
        if let metrics {
            bytes += metrics.text.source.count + metrics.text.arena.count + metrics.points.count * MemoryLayout<MetricPoint>.stride
            bytes += (metrics.counts.count + metrics.bounds.count) * 8
        }
        return bytes
    }
}

extension IngestBatch {
    /// Packs the message bodies, most of what there is to write: their pages are a sixth of the size.
    ///
    /// - Throws: ``StorageError/Code/unavailable`` when there is no memory for it.
    mutating func packBodies() throws(StorageError) {
        guard let records else { return }
        var order = records.rows.indices.filter { !records.rows[$0].bodiesJSON.isNull }
        if order.isEmpty { return }
        order.sort { a, b in
            let (x, y) = (records.rows[a], records.rows[b])
            return (x.traceID.high, x.traceID.low, x.startNanoseconds, a) < (y.traceID.high, y.traceID.low, y.startNanoseconds, b)
        }
        do {
            packed = try PackedBodies(
                rowCount: records.rows.count, rows: order, trace: { records.rows[$0].traceID.low },
                body: { row, add in try records.text.withBytes(records.rows[row].bodiesJSON, add) })
        } catch {
            throw StorageError(code: .unavailable, message: "message bodies could not be packed: \(error)")
        }
    }
}

/// The answer to a stored batch.
public struct WriteReceipt: Sendable, Hashable {
    /// The commit that holds the new rows, 0 when there were none: microseconds since the Unix epoch, rising with every commit.
    public var sequence: Int64
    /// Rows that were new.
    public var stored: Int
    /// Rows that had been stored before, or twice in the batch, and were dropped.
    public var repeated: Int

    public init(sequence: Int64, stored: Int, repeated: Int) {
        self.sequence = sequence
        self.stored = stored
        self.repeated = repeated
    }
}

/// Takes telemetry and keeps it.
public protocol TelemetryWriter: Sendable {
    /// Stores a batch: every row or none. Rows stored before are dropped and counted (`acceptance.md` A4), so a batch may be sent again
    /// after any failure.
    ///
    /// - Returns: when the rows are durable and visible to every query that starts from now on.
    /// - Throws: ``StorageError``.
    func write(_ batch: IngestBatch) async throws -> WriteReceipt
}
