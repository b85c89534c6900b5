import Synchronization

/// Keeps finished spans in memory, for tests.
///
/// ```swift
/// let exporter = InMemoryExporter()
/// try Hearth.configure { $0.destinations = [.memory(exporter)] }
/// Hearth.info("hello")
/// Hearth.flush()
/// #expect(exporter.records.first?.message == "hello")
/// ```
public final class InMemoryExporter: Sendable {
    private let state = Mutex<[SpanRecord]>([])

    public init() {}

    /// Spans and logs in the order they ended, without pending ones.
    public var records: [SpanRecord] { all.filter { $0.kind != .pending } }

    /// The same with pending spans.
    public var all: [SpanRecord] { state.withLock { $0 } }

    public func reset() { state.withLock { $0.removeAll() } }

    func append(_ records: [SpanRecord]) { state.withLock { $0 += records } }
}

struct InMemoryDestination: RecordDestination {
    let exporter: InMemoryExporter

    var needsRecords: Bool { true }

    func take(_ batch: SpanBatch) { exporter.append(batch.records) }
    func flush(deadline: UInt64) -> Bool { true }
    func shutdown(deadline: UInt64) -> Bool { true }
}
