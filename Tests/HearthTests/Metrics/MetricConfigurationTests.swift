import HearthExport
import OTLPWire
import Testing

@testable import Hearth

@Suite struct MetricConfigurationTests {
    private func resolve(
        _ environment: [String: String] = [:],
        _ change: (inout HearthConfiguration) -> Void = { _ in }
    ) throws -> ResolvedConfiguration {
        var configuration = HearthConfiguration()
        configuration.credentialsDirectory = "/nowhere"
        configuration.detectsResource = false
        change(&configuration)
        return try ResolvedConfiguration(configuration) { environment[$0] }
    }

    /// Addresses and headers.
    private func servers(_ resolved: ResolvedConfiguration) -> [String] {
        resolved.metricServers.map {
            switch $0 {
            case .hearth(let url, let token): "hearth \(url) \(token ?? "-")"
            case .otlp(let url, let headers): "otlp \(url) \(headers.map { "\($0.key)=\($0.value)" }.joined())"
            case .file(let path): "file \(path)"
            case .memory: "memory"
            }
        }
    }

    @Test func defaultsAndVariables() throws {
        let standard = try #require(try resolve().metrics)
        #expect(standard.interval == 60_000_000_000)
        #expect(standard.temporality == .delta)
        #expect(standard.histogramAggregation == .exponentialBuckets())
        #expect(standard.exemplars == .traceBased)
        let environment = [
            "OTEL_METRIC_EXPORT_INTERVAL": "5000", "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE": "Cumulative",
            "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION": "explicit_bucket_histogram",
            "OTEL_METRICS_EXEMPLAR_FILTER": "always_off",
        ]
        let chosen = try #require(try resolve(environment).metrics)
        #expect(chosen.interval == 5_000_000_000)
        #expect(chosen.temporality == .cumulative)
        #expect(chosen.histogramAggregation == .explicitBuckets(nil))
        #expect(chosen.exemplars == .never)
        let code = try #require(try resolve(environment) { $0.metrics.temporality = .lowMemory }.metrics)
        #expect(code.temporality == .lowMemory)
        #expect(try resolve(["OTEL_METRICS_EXPORTER": "none"]).metrics == nil)
        #expect(try resolve(["OTEL_SDK_DISABLED": "true"]).metrics == nil)
        #expect(try resolve(["OTEL_METRICS_EXPORTER": "none"]) { $0.metrics.isEnabled = true }.metrics != nil)
    }

    @Test(arguments: [
        ["OTEL_METRIC_EXPORT_INTERVAL": "soon"], ["OTEL_METRIC_EXPORT_INTERVAL": "0"],
        ["OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE": "sometimes"],
        ["OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION": "round"], ["OTEL_METRICS_EXEMPLAR_FILTER": "few"],
        ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": "nonsense"],
    ])
    func wrongValuesAreErrors(_ environment: [String: String]) {
        #expect(throws: ConfigurationError.self) { try resolve(environment) }
        #expect(throws: ConfigurationError.self) { try resolve { $0.metrics.views = [MetricView("a*", name: "b")] } }
        #expect(throws: ConfigurationError.self) { try resolve { $0.metrics.cardinalityLimit = 0 } }
    }

    @Test func metricsGoBesideSpans() throws {
        #expect(try servers(resolve()) == ["hearth http://127.0.0.1:4318 -"])
        #expect(
            try servers(resolve(["OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318/", "OTEL_EXPORTER_OTLP_HEADERS": "a=b"]))
                == ["otlp http://c:4318/v1/metrics a=b"])
        // The address of one signal says nothing of the other.
        #expect(
            try servers(resolve(["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://c/t", "LOGFIRE_TOKEN": "t"]))
                == ["hearth http://127.0.0.1:4318 t"])
        #expect(
            try servers(
                resolve([
                    "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": "http://m/x", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://c",
                    "OTEL_EXPORTER_OTLP_METRICS_HEADERS": "k=v",
                ])
            ) == ["otlp http://m/x k=v"])
        #expect(
            try servers(resolve { $0.destinations = [.otlp(endpoint: "http://c/v1/traces", headers: ["a": "b"]), .file(path: "/x")] })
                == ["otlp http://c/v1/metrics a=b", "file /x"])
        #expect(ResolvedConfiguration.metricFile(beside: "/spans/my-traces.otlp") == "/spans/my-metrics.otlp")
        #expect(ResolvedConfiguration.metricFile(beside: "/spans/x.otlp") == "/spans/x.otlp.metrics")
    }

    @Test func scopesAreWrittenOnceEach() throws {
        let other = InstrumentationScope(name: "other", version: "2")
        func record(_ name: String, _ scope: InstrumentationScope) -> MetricRecord {
            let point = MetricPoint(attributes: ["a": 1], start: 1, time: 2, value: .int(3), exemplars: [])
            return MetricRecord(
                name: name, unit: "1", description: "d", scope: scope, kind: .sum(.delta, isMonotonic: true), points: [point])
        }
        let batch = MetricEncoder.encode(
            [record("a", .hearth), record("b", other), record("c", .hearth)],
            resource: EncodedOrigin.resource([Attribute("service.name", "s")])
        )
        #expect(batch.count == 3)
        #expect(batch.runs.map(\.start) == [0, 2])
        // The same bytes as the writer makes of whole requests.
        var writer = OTLPMetricWriter()
        writer.begin(OTLPResource(attributes: [OTLPAttribute("service.name", "s")]))
        writer.begin(OTLPScope(name: "hearth", version: InstrumentationScope.hearth.version))
        writer.add(OTLPMetric(record("a", .hearth)))
        writer.add(OTLPMetric(record("c", .hearth)))
        writer.begin(OTLPScope(name: "other", version: "2"))
        writer.add(OTLPMetric(record("b", other)))
        #expect(batch.request(0..<3) == writer.finish())
    }
}
