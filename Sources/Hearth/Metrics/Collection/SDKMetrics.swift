import HearthExport
import Synchronization

/// What the SDK knows of itself, counted since it was configured.
struct SDKStatistics: Sendable {
    struct Exporter: Sendable {
        /// `span` or `metric_data_point`, as OpenTelemetry's names have it.
        var signal: String
        /// Where it sends to.
        var endpoint: Endpoint
        var delivered: Int
        var dropped: Int
    }

    var endedSpans = 0
    /// Spans for which the queue had no room.
    var droppedSpans = 0
    var queuedSpans = 0
    var queueCapacity = 0
    var exporters: [Exporter] = []
}

/// Metrics of the SDK itself, by the names of OpenTelemetry's conventions (`otel.sdk.…`).
final class SDKMetrics: Sendable {
    private let selection: SDKMetricSelection
    private let statistics: @Sendable () -> SDKStatistics
    private let processed: InstrumentStorage
    private let queueSize: InstrumentStorage
    private let queueCapacity: InstrumentStorage
    private let exportedSpans: InstrumentStorage
    private let exportedPoints: InstrumentStorage
    private let collection: InstrumentStorage

    init(
        _ selection: SDKMetricSelection,
        _ statistics: @escaping @Sendable () -> SDKStatistics,
        _ makeStorage: (Instrument) -> InstrumentStorage
    ) {
        self.selection = selection
        self.statistics = statistics
        func make(_ kind: InstrumentKind, _ name: String, _ unit: String, _ description: String) -> InstrumentStorage {
            let identity = InstrumentIdentity(
                name: name, kind: kind, unit: unit, description: description, isFloatingPoint: kind == .histogram, scope: .hearth)
            return makeStorage(Instrument(identity, boundaries: kind == .histogram ? [0.001, 0.01, 0.1, 1, 10] : nil))
        }
        processed = make(
            .observableCounter, "otel.sdk.processor.span.processed", "{span}",
            "Spans that went through the queue; with error.type those for which it had no room")
        queueSize = make(.observableUpDownCounter, "otel.sdk.processor.span.queue.size", "{span}", "Spans that wait for export")
        queueCapacity = make(.observableUpDownCounter, "otel.sdk.processor.span.queue.capacity", "{span}", "Spans that may wait for export")
        exportedSpans = make(
            .observableCounter, "otel.sdk.exporter.span.exported", "{span}",
            "Spans that were delivered; with error.type those that were given up")
        exportedPoints = make(
            .observableCounter, "otel.sdk.exporter.metric_data_point.exported", "{data_point}",
            "Data points that were delivered; with error.type those that were given up")
        collection = make(.histogram, "otel.sdk.metric_reader.collection.duration", "s", "How long collections of metrics took")
    }

    /// Whether something was dropped, which is told even by programs without metrics.
    var hasSomethingToTell: Bool {
        let statistics = statistics()
        return statistics.droppedSpans > 0 || statistics.exporters.contains { $0.dropped > 0 }
    }

    func observe() {
        let statistics = statistics()
        let queue = [
            Attribute("otel.component.name", "batching_span_processor/0"), Attribute("otel.component.type", "batching_span_processor"),
        ]
        if selection == .all {
            processed.observe(.int(Int64(statistics.endedSpans - statistics.droppedSpans)), queue)
            queueSize.observe(.int(Int64(statistics.queuedSpans)), queue)
            queueCapacity.observe(.int(Int64(statistics.queueCapacity)), queue)
        }
        if statistics.droppedSpans > 0 {
            processed.observe(.int(Int64(statistics.droppedSpans)), queue + [Attribute("error.type", "queue_full")])
        }
        for (number, exporter) in statistics.exporters.enumerated() {
            let storage = exporter.signal == "span" ? exportedSpans : exportedPoints
            let attributes = [
                Attribute("otel.component.name", .string("otlp_http_exporter/\(number)")),
                Attribute("otel.component.type", "otlp_http_exporter"),
                Attribute("server.address", .string(exporter.endpoint.host)),
                Attribute("server.port", .int(Int64(exporter.endpoint.port))),
            ]
            if selection == .all { storage.observe(.int(Int64(exporter.delivered)), attributes) }
            if exporter.dropped > 0 {
                storage.observe(.int(Int64(exporter.dropped)), attributes + [Attribute("error.type", "dropped")])
            }
        }
    }

    /// - Parameter time: nanoseconds.
    func collectionTook(_ time: UInt64) {
        guard selection == .all else { return }
        collection.observe(
            .double(Double(time) / 1e9),
            [
                Attribute("otel.component.name", "periodic_metric_reader/0"), Attribute("otel.component.type", "periodic_metric_reader"),
            ]
        )
    }
}
