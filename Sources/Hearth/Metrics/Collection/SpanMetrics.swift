import Synchronization

/// What was counted inside of a span, as the Logfire SDK tells it in the attribute `logfire.metrics`.
struct SpanMetrics: Sendable {
    private struct Metric {
        var name: String
        var total: MeasuredValue
        var details: [(attributes: [Attribute], total: MeasuredValue)]
    }

    /// Attribute sets of one metric; further ones count in the total alone.
    static let maximumDetails = 200

    private var metrics: [Metric] = []

    /// - Parameter attributes: sorted by name.
    mutating func add(_ name: String, _ attributes: [Attribute], _ value: MeasuredValue) {
        guard let index = metrics.firstIndex(where: { $0.name == name }) else {
            metrics.append(Metric(name: name, total: value, details: [(attributes, value)]))
            return
        }
        metrics[index].total = metrics[index].total.adding(value)
        if let detail = metrics[index].details.firstIndex(where: { $0.attributes == attributes }) {
            metrics[index].details[detail].total = metrics[index].details[detail].total.adding(value)
        } else if metrics[index].details.count < Self.maximumDetails {
            metrics[index].details.append((attributes, value))
        }
    }

    /// `{name: {"details": [{"attributes": {…}, "total": n}], "total": n}}`.
    var attributeValue: AttributeValue {
        .object(
            metrics.map { metric in
                let details = metric.details.map { detail in
                    AttributeValue.object([
                        Attribute("attributes", .object(detail.attributes)), Attribute("total", detail.total.attributeValue),
                    ])
                }
                return Attribute(
                    metric.name,
                    .object([Attribute("details", .array(details)), Attribute("total", metric.total.attributeValue)])
                )
            }
        )
    }
}

extension HearthSpan {
    /// Adds a measurement to this span and all open spans around it in this process.
    func addMetric(_ name: String, _ attributes: [Attribute], _ value: MeasuredValue) {
        let attributes = MetricAttributes.canonical(attributes, keeping: nil)
        var current: HearthSpan? = self
        while let span = current {
            current = span.state.withLock { state in
                guard state.end == 0 else { return nil }
                if state.metrics == nil { state.metrics = SpanMetrics() }
                state.metrics?.add(name, attributes, value)
                return state.outer?.hearth?.span
            }
        }
    }
}
