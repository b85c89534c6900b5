import HearthExport

/// Where encoded spans go.
protocol RecordDestination: Sendable {
    /// Whether ``SpanBatch/records`` are read.
    var needsRecords: Bool { get }
    /// Whether batches are still in use after ``take(_:)``.
    var keepsBatches: Bool { get }
    /// Called on the pipeline's thread; must not wait for a network.
    func take(_ batch: SpanBatch)
    /// Waits until what was taken before is done with; false when the deadline passed first.
    func flush(deadline: UInt64) -> Bool
    func shutdown(deadline: UInt64) -> Bool
    /// Records a server has taken, and those it will never get.
    var counts: (delivered: Int, spooled: Int, lost: Int) { get }
}

/// Spans of one hand-over, as records and encoded.
struct SpanBatch: Sendable {
    /// Empty unless a destination needs them.
    var records: [SpanRecord]
    var encoded: RecordBatch
}

extension RecordDestination {
    var needsRecords: Bool { false }
    var keepsBatches: Bool { false }
    var counts: (delivered: Int, spooled: Int, lost: Int) { (0, 0, 0) }
}

extension Sender: RecordDestination {
    var keepsBatches: Bool { true }
    var counts: (delivered: Int, spooled: Int, lost: Int) {
        let statistics = statistics
        return (statistics.deliveredRecords, statistics.spooledRecords, statistics.droppedRecords)
    }

    func take(_ batch: SpanBatch) { submit(batch.encoded) }
}
