/// How metrics are made, with all choices made.
struct MetricsSettings: Sendable {
    /// Nanoseconds.
    var interval: UInt64 = 60_000_000_000
    var temporality = MetricTemporalityPreference.delta
    var histogramAggregation = MetricAggregation.exponentialBuckets()
    var exemplars = ExemplarFilter.traceBased
    var views: [MetricView] = []
    var cardinalityLimit = 2000
    var collectInSpans = SpanMetricSelection.none
    var sdkMetrics = SDKMetricSelection.none

    /// The metrics that are made of an instrument: one per view that matches it, none when views drop it.
    func streams(of instrument: Instrument, now: UInt64) -> [MetricStream] {
        let matching = views.filter { $0.matches(instrument.identity) }
        let wanted: [MetricView?] = matching.isEmpty ? [nil] : matching.map(Optional.some)
        return wanted.compactMap { view in
            guard let aggregation = resolve(view?.aggregation, for: instrument) else { return nil }
            return MetricStream(
                instrument.identity,
                view: view,
                aggregation: aggregation,
                temporality: temporality.temporality(of: instrument.identity.kind),
                limit: view?.cardinalityLimit ?? cardinalityLimit,
                now: now
            )
        }
    }

    /// Nil drops.
    private func resolve(_ chosen: MetricAggregation?, for instrument: Instrument) -> ResolvedAggregation? {
        let identity = instrument.identity
        let aggregation: MetricAggregation
        if let chosen {
            aggregation = chosen
        } else {
            switch identity.kind {
            case .counter, .upDownCounter, .observableCounter, .observableUpDownCounter: aggregation = .sum
            case .gauge, .observableGauge: aggregation = .lastValue
            case .histogram: aggregation = histogramAggregation
            }
        }
        switch aggregation {
        case .drop: return nil
        case .sum where identity.kind.isObservable: return .observedSum(isMonotonic: identity.kind.isMonotonic)
        case .sum: return identity.isFloatingPoint ? .doubleSum : .integerSum
        case .lastValue: return identity.kind.isObservable ? .observedLastValue : .lastValue
        case .explicitBuckets(let bounds): return .explicit(bounds ?? instrument.usableBoundaries ?? ExplicitHistogramCell.defaultBounds)
        case .exponentialBuckets(let size, let scale): return .exponential(size: size, scale: scale)
        }
    }
}
