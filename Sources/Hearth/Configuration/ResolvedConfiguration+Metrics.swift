import HearthExport

extension ResolvedConfiguration {
    /// Where metrics go: the servers that spans go to, at the address of metrics, and `OTEL_EXPORTER_OTLP_METRICS_ENDPOINT`.
    static func metricServers(_ destinations: [Destination], _ settings: EnvironmentSettings) -> [Destination] {
        let general = settings["OTEL_EXPORTER_OTLP_ENDPOINT"]
        let specific = settings["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"]
        let headers = settings.headers("OTEL_EXPORTER_OTLP_METRICS_HEADERS") ?? settings.headers("OTEL_EXPORTER_OTLP_HEADERS") ?? [:]
        // The environment's address of spans stands for itself alone.
        let environmentSpans = settings["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] ?? general.map { join($0, "/v1/traces") }
        var result: [Destination] = []
        if let specific {
            result.append(.otlp(endpoint: specific, headers: headers))
        } else if let general {
            result.append(.otlp(endpoint: join(general, "/v1/metrics"), headers: headers))
        }
        for destination in destinations {
            switch destination {
            case .hearth, .memory: result.append(destination)
            case .otlp(let address, _) where address == environmentSpans: break
            case .otlp(let address, let headers):
                if let address = metricAddress(of: address) { result.append(.otlp(endpoint: address, headers: headers)) }
            case .file: result.append(destination)
            }
        }
        return result
    }

    /// The address of metrics beside one of spans; nil when it cannot be told.
    static func metricAddress(of address: String) -> String? {
        for suffix in ["/v1/traces", "/v1/traces/"] where address.hasSuffix(suffix) {
            return String(address.dropLast(suffix.count)) + "/v1/metrics"
        }
        return nil
    }

    /// The file of metrics beside one of spans: `hearth import` knows signals by their names.
    static func metricFile(beside path: String) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        for signal in ["traces", "trace", "spans", "span"] {
            var rest = name[...]
            while !rest.isEmpty, !rest.lowercased().hasPrefix(signal) { rest.removeFirst() }
            guard !rest.isEmpty else { continue }
            return path.dropLast(rest.count) + "metrics" + rest.dropFirst(signal.count)
        }
        return path + ".metrics"
    }

    private static func join(_ base: String, _ path: String) -> String {
        base.hasSuffix("/") ? base + path.dropFirst() : base + path
    }

    /// The collector of metrics with senders of its own; nil when metrics are switched off.
    ///
    /// - Parameter spanSenders: told about in the metrics of the SDK.
    func makeMetricReader(pipeline: Pipeline, spanSenders: [Sender]) throws(ConfigurationError) -> MetricReader? {
        guard let metrics else { return nil }
        var ways: [any MetricDestination] = []
        var senders: [Sender] = []
        for destination in metricServers {
            switch destination {
            case .memory(let exporter): ways.append(InMemoryDestination(exporter: exporter))
            case .file(let path): ways.append(FileDestination(path: Self.metricFile(beside: path)))
            case .hearth, .otlp:
                guard let sender = try Self.sender(for: destination, batch, signal: .metrics, spool: source.spool) else { continue }
                ways.append(sender)
                senders.append(sender)
            }
        }
        guard !ways.isEmpty || metrics.collectInSpans != .none else { return nil }
        let reader = MetricReader(metrics, destinations: ways, resource: resource)
        let capacity = batch.maximumQueuedSpans
        reader.observe { [senders] in
            let counts = pipeline.statistics
            func told(_ sender: Sender, _ signal: String) -> SDKStatistics.Exporter {
                let statistics = sender.statistics
                return .init(
                    signal: signal, endpoint: sender.endpoint, delivered: statistics.deliveredRecords, dropped: statistics.droppedRecords)
            }
            return SDKStatistics(
                endedSpans: counts.exported + counts.dropped,
                droppedSpans: counts.dropped,
                queuedSpans: pipeline.queuedSpans,
                queueCapacity: capacity,
                exporters: spanSenders.map { told($0, "span") } + senders.map { told($0, "metric_data_point") }
            )
        }
        return reader
    }
}
