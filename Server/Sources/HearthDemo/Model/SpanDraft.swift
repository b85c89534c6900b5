/// How a span is reported, which decides its `logfire.*` attributes.
enum SpanStyle: Sendable {
    /// Through the logfire SDK: announced by a pending record while it is open.
    case logfire
    /// A logfire log, which is a span of no duration.
    case log
    /// Through a plain OpenTelemetry SDK: sent once, when it has ended.
    case plain
}

/// `Span.SpanKind` of the OTLP.
enum SpanKind: Int, Sendable {
    case `internal` = 1
    case server = 2
    case client = 3
    case consumer = 5
}

/// `Status.StatusCode` of the OTLP.
enum SpanStatus: Int, Sendable {
    case unset = 0
    case ok = 1
    case error = 2
}

struct SpanEventDraft: Sendable {
    var name: String
    /// Unix nanoseconds.
    var time: Int64
    var attributes: AttributeList
}

/// Levels of the logfire SDK (`logfire.level_num`).
enum LogLevel: Int, Sendable {
    case trace = 1
    case debug = 5
    case info = 9
    case notice = 10
    case warn = 13
    case error = 17
    case fatal = 21
}

/// Tokens and money that Pydantic AI records as metrics for one call.
struct MeteredUsage: Sendable {
    var provider: String
    var requestModel: String
    var responseModel: String
    var inputTokens: Int
    var outputTokens: Int
    /// Nano-dollars; nil when the model has no price.
    var cost: Int?

    /// The dimensions of `operation.cost`; `gen_ai.client.token.usage` has the token type as well.
    var dimensions: [Attribute] {
        [
            Attribute("gen_ai.operation.name", "chat"), Attribute("gen_ai.provider.name", .string(provider)),
            Attribute("gen_ai.request.model", .string(requestModel)), Attribute("gen_ai.response.model", .string(responseModel)),
            Attribute("gen_ai.system", .string(provider)),
        ]
    }
}

struct TraceIdentifier: Sendable, Hashable {
    var high: UInt64
    var low: UInt64
}

/// A span a scenario has told, before it is sent. Times are Unix nanoseconds.
struct SpanDraft: Sendable {
    var service: DemoService
    var scope: DemoScope
    var style: SpanStyle
    var traceID: TraceIdentifier
    var spanID: UInt64
    /// Zero for a root.
    var parentID: UInt64
    /// The parent is in another process.
    var hasRemoteParent = false
    /// The span id of the pending record.
    var pendingID: UInt64
    var name: String
    var kind: SpanKind
    var start: Int64
    var end: Int64
    /// `logfire.msg`.
    var message: String
    /// Known when the span starts, so also on its pending record.
    var opening = AttributeList()
    /// Known when it ends.
    var closing = AttributeList()
    var tags: [String] = []
    var level: LogLevel?
    var events: [SpanEventDraft] = []
    var status = SpanStatus.unset
    var statusMessage = ""

    /// What the span's process measures when it ends.
    var usage: MeteredUsage?
    /// What the span adds to the truth when it is sent.
    var call: CallTruth?
    var run: RunTruth?
    var features: [DemoFeature] = []

    /// The acceptance criteria's definition of an error: status ERROR or an exception event.
    var isError: Bool {
        status == .error || events.contains { $0.name == "exception" }
    }
}

/// An OTLP log record.
struct LogDraft: Sendable {
    var service: DemoService
    var scope: DemoScope
    var time: Int64
    var severity: LogLevel
    /// `severity_text`, as the Python logging handler writes it.
    var severityText: String
    var body: String
    var attributes: AttributeList
    var traceID: TraceIdentifier
    var spanID: UInt64

    /// OTLP logs report exceptions as attributes.
    var isError: Bool {
        attributes.items.contains { $0.key == "exception.type" }
    }
}

/// One trace as a scenario told it.
struct TraceDraft: Sendable {
    var spans: [SpanDraft] = []
    var logs: [LogDraft] = []

    var end: Int64 {
        max(spans.map(\.end).max() ?? 0, logs.map(\.time).max() ?? 0)
    }
}
