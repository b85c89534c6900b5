/// Tells one trace in the order in which it happens: spans are opened and closed, and `now` moves on in between.
struct TraceBuilder: Sendable {
    var random: DemoRandom
    var identifiers: IdentifierSource
    /// Unix nanoseconds of the story.
    private(set) var now: Int64
    /// The process that is telling.
    private(set) var service: DemoService
    /// Attributes that the agent framework hands on to spans of other instrumentations in the same process (baggage).
    var baggage: [Attribute] = []

    private let traceID: TraceIdentifier
    private var spans: [SpanDraft] = []
    private var parents: [Int?] = []
    private var logs: [LogDraft] = []
    private var open: [Int] = []

    init(service: DemoService, start: Int64, random: DemoRandom, identifiers: IdentifierSource) {
        self.service = service
        self.random = random
        self.identifiers = identifiers
        now = start
        traceID = self.identifiers.traceID(at: start)
    }

    // MARK: Time

    mutating func wait(seconds: Double) {
        now += Int64(seconds * 1e9)
    }

    /// Waits for a latency-like time within `seconds`.
    mutating func wait(_ seconds: ClosedRange<Double>) {
        wait(seconds: random.latency(seconds))
    }

    /// Tells what happens at the same time: each part starts now, and time goes on when the last one has ended.
    mutating func parallel<Element>(_ elements: [Element], _ body: (inout TraceBuilder, Element) -> Void) {
        let start = now
        var end = now
        for (index, element) in elements.enumerated() {
            now = start + Int64(index) * 300_000
            body(&self, element)
            end = max(end, now)
        }
        now = end
    }

    // MARK: Spans

    /// Starts a span below the innermost open one.
    ///
    /// - Returns: its index, for ``close(_:)`` and the subscript.
    mutating func open(
        _ name: String, _ scope: DemoScope, kind: SpanKind = .internal, message: String? = nil, attributes: AttributeList = AttributeList()
    ) -> Int {
        let parent = open.last
        var span = SpanDraft(
            service: service, scope: scope, style: service.usesLogfire ? .logfire : .plain, traceID: traceID, spanID: identifiers.spanID(),
            parentID: parent.map { spans[$0].spanID } ?? 0, pendingID: identifiers.spanID(), name: name, kind: kind, start: now, end: now,
            message: message ?? name)
        span.opening = attributes
        span.hasRemoteParent = parent.map { spans[$0].service != service } ?? false
        spans.append(span)
        parents.append(parent)
        open.append(spans.count - 1)
        return spans.count - 1
    }

    /// Ends the innermost open span.
    mutating func close(_ index: Int) {
        spans[index].end = now
        // Scenarios nest their spans; anything still open inside ends with its parent.
        while let last = open.popLast(), last != index { spans[last].end = now }
    }

    subscript(index: Int) -> SpanDraft {
        get { spans[index] }
        set { spans[index] = newValue }
    }

    /// A whole span around `body`.
    mutating func span(
        _ name: String, _ scope: DemoScope = .logfire, kind: SpanKind = .internal, message: String? = nil,
        attributes: AttributeList = AttributeList(),
        _ body: (inout TraceBuilder, Int) -> Void
    ) {
        let index = open(name, scope, kind: kind, message: message, attributes: attributes)
        body(&self, index)
        close(index)
    }

    /// Goes on in another process, which has no part in this one's baggage.
    mutating func inside(_ service: DemoService, _ body: (inout TraceBuilder) -> Void) {
        let (outer, outerBaggage) = (self.service, baggage)
        self.service = service
        baggage = []
        body(&self)
        self.service = outer
        baggage = outerBaggage
    }

    /// Marks the innermost open span as an instance of `feature`.
    mutating func show(_ feature: DemoFeature) {
        if let index = open.last { spans[index].features.append(feature) }
    }

    // MARK: Logs

    /// A logfire log: a span of no duration whose template is filled with the arguments.
    mutating func log(_ level: LogLevel, _ template: String, _ arguments: [Attribute] = [], exception: PythonException? = nil) {
        let index = open(template, .logfire)
        spans[index].style = .log
        spans[index].level = level
        spans[index].message = Self.fill(template, arguments)
        spans[index].opening.set(contentsOf: sourceLine(of: template))
        for argument in arguments { spans[index].opening.argument(argument.key, argument.value) }
        if level.rawValue >= LogLevel.error.rawValue { spans[index].status = .error }
        if let exception { record(exception, on: index, escaped: false) }
        close(index)
    }

    /// An OTLP log record of a plain OpenTelemetry program.
    mutating func record(_ severity: LogLevel, _ severityText: String, _ body: String, _ attributes: AttributeList = AttributeList()) {
        guard let index = open.last else { return }
        logs.append(
            LogDraft(
                service: service, scope: .billing, time: now, severity: severity, severityText: severityText, body: body,
                attributes: attributes,
                traceID: traceID, spanID: spans[index].spanID))
    }

    /// Adds an exception event, and status ERROR with level error, as the SDKs do.
    mutating func record(_ exception: PythonException, on index: Int, escaped: Bool) {
        var attributes = AttributeList()
        attributes.set("exception.type", exception.type)
        attributes.set("exception.message", exception.message)
        attributes.set("exception.stacktrace", exception.stacktrace)
        attributes.set("exception.escaped", escaped ? "True" : "False")
        spans[index].events.append(SpanEventDraft(name: "exception", time: now, attributes: attributes))
        spans[index].status = .error
        spans[index].statusMessage = exception.summary
        if spans[index].style == .logfire { spans[index].level = .error }
    }

    /// `code.*` of a logfire call; the line is made up but the same for the same text.
    func sourceLine(of text: String) -> [Attribute] {
        let hash = text.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
        let file = service.name.split(separator: "-").joined(separator: "_")
        return [
            Attribute("code.filepath", .string("\(file)/app.py")), Attribute("code.function", "handle"),
            Attribute("code.lineno", .int(20 + Int(hash % 300))),
        ]
    }

    private static func fill(_ template: String, _ arguments: [Attribute]) -> String {
        var text = template
        for argument in arguments {
            let value =
                switch argument.value {
                case .string(let value): value
                case .int(let value): String(value)
                case .double(let value): "\(value)"
                case .bool(let value): value ? "True" : "False"
                case .strings(let values): "[\(values.map { "'\($0)'" }.joined(separator: ", "))]"
                }
            guard let range = text.firstRange(of: "{\(argument.key)}") else { continue }
            text.replaceSubrange(range, with: value)
        }
        return text
    }

    // MARK: End

    /// The finished trace, with each process's totals on the spans above its model calls.
    consuming func finish() -> TraceDraft {
        while let index = open.last { close(index) }
        SpanMetrics.add(to: &spans, parents: parents)
        return TraceDraft(spans: spans, logs: logs)
    }
}
