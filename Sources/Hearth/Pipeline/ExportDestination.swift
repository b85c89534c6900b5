import HearthExport

/// Where encoded spans or metrics go.
protocol ExportDestination: Sendable {
    /// Whether ``ExportBatch/records`` are read.
    var needsRecords: Bool { get }
    /// Whether batches are still in use after they were taken.
    var keepsBatches: Bool { get }
    /// Waits until what was taken before is done with; false when the deadline passed first.
    func flush(deadline: UInt64) -> Bool
    /// Like ``flush(deadline:)``; nothing is taken afterwards.
    func shutdown(deadline: UInt64) -> Bool
    /// Spans or data points that a server has taken, that wait on disk, and that nobody will ever get.
    var counts: (delivered: Int, spooled: Int, lost: Int) { get }
}

/// Spans or metrics of one hand-over, as records and encoded.
struct ExportBatch<Record: Sendable>: Sendable {
    /// Empty unless a destination needs them.
    var records: [Record]
    var encoded: RecordBatch
}

typealias SpanBatch = ExportBatch<SpanRecord>
typealias MetricBatch = ExportBatch<MetricRecord>

/// Where spans go.
protocol SpanDestination: ExportDestination {
    /// Called on the pipeline's thread; must not wait for a network.
    func take(_ batch: SpanBatch)
}

/// Where metrics go.
protocol MetricDestination: ExportDestination {
    /// Called on the thread of metrics; must not wait for a network.
    func take(_ batch: MetricBatch)
}

extension ExportDestination {
    var needsRecords: Bool { false }
    var keepsBatches: Bool { false }
    var counts: (delivered: Int, spooled: Int, lost: Int) { (0, 0, 0) }
    func flush(deadline: UInt64) -> Bool { true }
    func shutdown(deadline: UInt64) -> Bool { true }
}

extension Sender: SpanDestination, MetricDestination {
    var keepsBatches: Bool { true }
    var counts: (delivered: Int, spooled: Int, lost: Int) {
        let statistics = statistics
        return (statistics.deliveredRecords, statistics.spooledRecords, statistics.droppedRecords)
    }

    func take(_ batch: SpanBatch) { submit(batch.encoded) }
    func take(_ batch: MetricBatch) { submit(batch.encoded) }
}
