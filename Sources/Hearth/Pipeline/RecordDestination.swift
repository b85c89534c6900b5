import HearthExport

/// Where encoded spans go.
protocol RecordDestination: Sendable {
    /// Whether ``SpanBatch/records`` are read.
    var needsRecords: Bool { get }
    /// Called on the pipeline's thread; must not wait for a network.
    func take(_ batch: SpanBatch)
    /// Waits until what was taken before is done with; false when the deadline passed first.
    func flush(deadline: UInt64) -> Bool
    func shutdown(deadline: UInt64) -> Bool
}

/// Spans of one hand-over, as records and encoded.
struct SpanBatch: Sendable {
    /// Empty unless a destination needs them.
    var records: [SpanRecord]
    var encoded: RecordBatch
}

extension RecordDestination {
    var needsRecords: Bool { false }
}

extension Sender: RecordDestination {
    func take(_ batch: SpanBatch) { submit(batch.encoded) }
}
