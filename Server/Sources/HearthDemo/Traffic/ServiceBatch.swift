/// A span as it goes over the wire.
enum SentSpan: Sendable {
    /// The announcement of an open span.
    case pending(SpanDraft)
    case final(SpanDraft)

    var span: SpanDraft {
        switch self {
        case .pending(let span), .final(let span): span
        }
    }
}

/// What one service's SDK exports at one moment.
struct ServiceBatch: Sendable {
    var service: DemoService
    var spans: [SentSpan] = []
    var logs: [LogDraft] = []
    var metrics: [MetricDraft] = []

    var isEmpty: Bool { spans.isEmpty && logs.isEmpty && metrics.isEmpty }
}
