import HearthExport

extension EnvironmentSettings {
    /// The settings of metrics, nil when they are switched off.
    func metrics(_ options: MetricsOptions) throws(ConfigurationError) -> MetricsSettings? {
        guard options.isEnabled ?? (self["OTEL_METRICS_EXPORTER"] != "none") else { return nil }
        var result = MetricsSettings()
        if let interval = options.interval {
            result.interval = interval.wholeNanoseconds
        } else if let milliseconds = try number("OTEL_METRIC_EXPORT_INTERVAL") {
            result.interval = Duration.milliseconds(milliseconds).wholeNanoseconds
        }
        guard result.interval > 0 else { throw ConfigurationError(.invalidValue, "the interval of metrics must be longer than nothing") }
        result.temporality = try first(options.temporality, temporality()) ?? .delta
        result.histogramAggregation = try first(options.histogramAggregation, histogramAggregation()) ?? .exponentialBuckets()
        result.exemplars = try first(options.exemplars, exemplars()) ?? .traceBased
        result.views = options.views
        guard options.cardinalityLimit > 0 else {
            throw ConfigurationError(.invalidValue, "the cardinality limit of metrics must be above 0")
        }
        result.cardinalityLimit = options.cardinalityLimit
        result.collectInSpans = options.collectInSpans
        result.sdkMetrics = options.sdkMetrics
        let problem =
            options.views.compactMap(\.problem).first ?? result.histogramAggregation.problem.map { "the histogram aggregation \($0)" }
        if let problem { throw ConfigurationError(.invalidValue, problem) }
        return result
    }

    private func temporality() throws(ConfigurationError) -> MetricTemporalityPreference? {
        let name = "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE"
        guard let text = self[name] else { return nil }
        guard let value = MetricTemporalityPreference(rawValue: text.lowercased()) else {
            throw Self.invalid(name, text, "delta, cumulative or lowmemory")
        }
        return value
    }

    private func histogramAggregation() throws(ConfigurationError) -> MetricAggregation? {
        let name = "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION"
        switch self[name]?.lowercased() {
        case nil: return nil
        case "explicit_bucket_histogram": return .explicitBuckets(nil)
        case "base2_exponential_bucket_histogram": return .exponentialBuckets()
        case let other?: throw Self.invalid(name, other, "explicit_bucket_histogram or base2_exponential_bucket_histogram")
        }
    }

    private func exemplars() throws(ConfigurationError) -> ExemplarFilter? {
        let name = "OTEL_METRICS_EXEMPLAR_FILTER"
        guard let text = self[name] else { return nil }
        guard let value = ExemplarFilter(rawValue: text.lowercased()) else {
            throw Self.invalid(name, text, "trace_based, always_on or always_off")
        }
        return value
    }
}
