/// A metric with its points; all are histograms with delta temporality, as the logfire SDK sends them.
struct MetricDraft: Sendable {
    struct Point: Sendable {
        var attributes: [Attribute]
        var histogram: ExponentialHistogram
    }

    var scope: DemoScope
    var name: String
    var description: String
    var unit: String
    /// Unix nanoseconds.
    var start: Int64
    var time: Int64
    var points: [Point]
}

/// The metrics of one process since the last export.
struct Meter: Sendable {
    private enum Instrument: CaseIterable, Sendable {
        case tokenUsage
        case cost
        case serverDuration
        case clientDuration
    }

    private struct Series: Sendable {
        var attributes: [Attribute]
        var values: [Double]
    }

    /// Unix nanoseconds of the last export.
    private(set) var start: Int64
    private var series: [Instrument: [Series]] = [:]

    init(start: Int64) {
        self.start = start
    }

    /// Takes over what a finished span measures.
    mutating func measure(_ span: SpanDraft) {
        if let usage = span.usage {
            add(Double(usage.inputTokens), .tokenUsage, usage.dimensions + [Attribute("gen_ai.token.type", "input")])
            add(Double(usage.outputTokens), .tokenUsage, usage.dimensions + [Attribute("gen_ai.token.type", "output")])
            if let cost = usage.cost { add(Double(cost) / 1e9, .cost, usage.dimensions) }
        }
        let milliseconds = (Double(span.end - span.start) / 1e6).rounded(.toNearestOrEven)
        switch span.scope {
        case .fastAPI:
            add(
                milliseconds, .serverDuration,
                Self.select(["http.scheme", "http.method", "http.host", "http.route", "http.status_code"], of: span))
        case .httpx: add(milliseconds, .clientDuration, Self.select(["http.method", "http.status_code"], of: span))
        default: break
        }
    }

    /// The metrics since the last export; values that were never measured have none.
    mutating func export(at time: Int64) -> [MetricDraft] {
        let metrics = Instrument.allCases.compactMap { instrument -> MetricDraft? in
            guard let series = series[instrument], !series.isEmpty else { return nil }
            let points = series.map { MetricDraft.Point(attributes: $0.attributes, histogram: ExponentialHistogram($0.values)) }
            let (scope, name, description, unit) = Self.describe(instrument)
            return MetricDraft(scope: scope, name: name, description: description, unit: unit, start: start, time: time, points: points)
        }
        series = [:]
        start = time
        return metrics
    }

    private mutating func add(_ value: Double, _ instrument: Instrument, _ attributes: [Attribute]) {
        if let index = series[instrument]?.firstIndex(where: { $0.attributes == attributes }) {
            series[instrument]?[index].values.append(value)
        } else {
            series[instrument, default: []].append(Series(attributes: attributes, values: [value]))
        }
    }

    private static func select(_ keys: [String], of span: SpanDraft) -> [Attribute] {
        (span.opening.items + span.closing.items).filter { keys.contains($0.key) }
    }

    private static func describe(_ instrument: Instrument) -> (DemoScope, name: String, description: String, unit: String) {
        switch instrument {
        case .tokenUsage: (.pydanticAI, "gen_ai.client.token.usage", "Measures number of input and output tokens used", "{token}")
        case .cost: (.pydanticAI, "operation.cost", "Monetary cost", "{USD}")
        case .serverDuration: (.fastAPI, "http.server.duration", "Measures the duration of inbound HTTP requests.", "ms")
        case .clientDuration: (.httpx, "http.client.duration", "measures the duration of the outbound HTTP request", "ms")
        }
    }
}
