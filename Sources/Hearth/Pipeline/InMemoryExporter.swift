import Synchronization

/// Keeps finished spans and collected metrics in memory, for tests.
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
    private let collected = Mutex<[MetricRecord]>([])

    /// An exporter that holds nothing yet.
    public init() {}

    /// Spans and logs in the order they ended, without pending ones.
    public var records: [SpanRecord] { all.filter { $0.kind != .pending } }

    /// The same with pending spans.
    public var all: [SpanRecord] { state.withLock { $0 } }

    /// All metrics of all collections, in their order; one is made by `Hearth.flush`.
    public var metrics: [MetricRecord] { collected.withLock { $0 } }

    /// The metric with that name as it was collected last.
    public func metric(_ name: String) -> MetricRecord? { metrics.last { $0.name == name } }

    /// Forgets all spans, logs and metrics.
    public func reset() {
        state.withLock { $0.removeAll() }
        collected.withLock { $0.removeAll() }
    }

    func append(_ records: [SpanRecord]) { state.withLock { $0 += records } }
    func append(_ records: [MetricRecord]) { collected.withLock { $0 += records } }
}

struct InMemoryDestination: SpanDestination, MetricDestination {
    let exporter: InMemoryExporter

    var needsRecords: Bool { true }

    func take(_ batch: SpanBatch) { exporter.append(batch.records) }
    func take(_ batch: MetricBatch) { exporter.append(batch.records) }
}
