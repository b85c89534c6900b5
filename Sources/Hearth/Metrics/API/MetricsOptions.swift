/// How metrics are collected and sent. Nil means: from the environment, or the default.
public struct MetricsOptions: Sendable {
    /// Whether metrics are recorded at all. `OTEL_METRICS_EXPORTER=none` switches them off; true otherwise.
    public var isEnabled: Bool?
    /// Time between collections, more than zero. `OTEL_METRIC_EXPORT_INTERVAL` in milliseconds; one minute otherwise.
    public var interval: Duration?
    /// What points cover. `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`; delta otherwise.
    public var temporality: MetricTemporalityPreference?
    /// What histograms become. `OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION`; exponential buckets otherwise.
    public var histogramAggregation: MetricAggregation?
    /// Which measurements are kept as examples. `OTEL_METRICS_EXEMPLAR_FILTER`; those in recorded spans otherwise.
    public var exemplars: ExemplarFilter?
    /// Changes to what is made of single instruments.
    public var views: [MetricView] = []
    /// Attribute sets per metric, at least 1; further ones are summed up under the attribute `otel.metric.overflow`.
    public var cardinalityLimit = 2000
    /// Which counters and histograms are summed on the open spans around a measurement, as their attribute `logfire.metrics`.
    public var collectInSpans: SpanMetricSelection = .named(["gen_ai.client.token.usage", "operation.cost"])
    /// Metrics of the SDK itself, `otel.sdk.…`.
    public var sdkMetrics: SDKMetricSelection = .drops

    /// Everything from the environment or defaults.
    public init() {}
}

/// What the points of metrics cover.
public enum MetricTemporalityPreference: String, Sendable, Hashable {
    /// Counters and histograms tell what was added since the last collection; up-down counters their sum.
    case delta
    /// All sums since the start.
    case cumulative
    /// Delta, but observable counters tell their sum, which needs no memory of the last one.
    case lowMemory = "lowmemory"

    func temporality(of kind: InstrumentKind) -> MetricTemporality {
        switch (self, kind) {
        case (.delta, .counter), (.delta, .observableCounter), (.delta, .histogram): .delta
        case (.lowMemory, .counter), (.lowMemory, .histogram): .delta
        default: .cumulative
        }
    }
}

/// Which measurements may become exemplars.
public enum ExemplarFilter: String, Sendable, Hashable {
    /// Those made in spans that are recorded.
    case traceBased = "trace_based"
    /// All of them.
    case always = "always_on"
    /// None of them.
    case never = "always_off"
}

/// Which instruments are summed on spans.
public enum SpanMetricSelection: Sendable, Hashable {
    /// All counters and histograms.
    case all
    /// Counters and histograms with these names.
    case named(Set<String>)
    /// None: spans have no attribute `logfire.metrics`.
    case none

    func contains(_ identity: InstrumentIdentity) -> Bool {
        guard identity.kind == .counter || identity.kind == .histogram else { return false }
        switch self {
        case .all: return true
        case .named(let names): return names.contains(identity.name)
        case .none: return false
        }
    }
}

/// Which metrics of the SDK itself are sent.
public enum SDKMetricSelection: Sendable, Hashable {
    /// None.
    case none
    /// What was dropped, as soon as something was.
    case drops
    /// Also what was delivered, how full the queue is and how long collections take.
    case all
}
