public import Hearth
import HearthExport
import Synchronization

/// Records one HTTP request of any client: a CLIENT span and, for requests to models, the span of the model call around it.
///
/// A client tells what it sends and what comes back; nothing is ever thrown at it.
/// ```swift
/// let recorder = HTTPRecorder(method: "POST", url: url, headers: headers, body: body)
/// for (name, value) in recorder.propagationHeaders { request.setHeader(name, value) }
/// recorder.receiveHead(status: 200, headers: answer.headers)
/// for chunk in answer.body { recorder.receive(chunk) }
/// recorder.finish()
/// ```
/// Inside of `Hearth.withModelRequest` the request fills that call, and
/// attempts that fail before another one are its retries; elsewhere it is a call of its own.
public final class HTTPRecorder: Sendable {
    private struct State {
        var exchange: ModelExchange?
        var body: [UInt8] = []
        var bodySize = 0
        var status: Int?
        var isEnded = false
    }

    /// The span of the request; nil when nothing is recorded.
    public let span: HearthSpan?
    /// The model call that the request is an attempt of.
    public let call: ModelCall?
    private let ownsCall: Bool
    private let options: HTTPInstrumentation
    private let includeContent: Bool
    private let measurement: HTTPMeasurement
    private let state: Mutex<State>

    /// A request is about to be sent. `body` is the whole body, where it is at hand; `previous` an attempt that failed before, when the
    /// client itself repeats it, and `delay` the time between the two.
    public init(
        method: String,
        url: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8]? = nil,
        options: HTTPInstrumentation = HTTPInstrumentation(),
        after previous: HTTPRecorder? = nil,
        delay: Duration? = nil,
        fileID: String = #fileID,
        function: String = #function,
        line: Int = #line
    ) {
        let context = GenAIContext.current
        let address = WebAddress(url)
        var exchange: ModelExchange?
        if options.modelCalls, Hearth.isConfigured {
            exchange = ModelExchange(method: method, url: url, body: body ?? [], provider: address.flatMap { options.providers[$0.host] })
        }
        self.options = options
        // What agents and tools send and get is content too, and what models are sent is it also where it is not read.
        let isContent =
            context.call != nil || context.run != nil || context.isInsideOperation || ModelExchange.mayConcern(method: method, url: url)
        includeContent = !isContent || context.effectiveSettings.includeContent
        if let exchange {
            let surrounding = context.call.flatMap { $0.concerns(exchange.request) ? $0 : nil }
            if let call = previous?.call ?? surrounding {
                self.call = call
                ownsCall = previous?.ownsCall ?? false
                call.beginAttempt(delay: delay)
                if !call.isStarted { call.setRequest(exchange.request) }
            } else {
                call = Hearth.startModelRequest(exchange.request, fileID: fileID, function: function, line: line)
                ownsCall = true
            }
        } else {
            call = nil
            ownsCall = false
        }
        state = Mutex(State(exchange: exchange))
        // A call of its own that is not sampled decides for its attempts too.
        guard Hearth.isConfigured, !(ownsCall && call?.span.spanContext == nil) else {
            span = nil
            measurement = HTTPMeasurement(method, address, in: Hearth.currentContext())
            return
        }
        let includeContent = includeContent
        func start() -> HearthSpan {
            Hearth.startSpan(
                HTTPConventions.spanName(method), Self.attributes(method, url, address, headers, body, options, includeContent),
                kind: .client, scope: .http,
                fileID: fileID, function: function, line: line)
        }
        let span = ownsCall ? call?.span.activate(start) ?? start() : start()
        span.setMessage("\(method) \(address.map { $0.host + $0.path } ?? RecordedURL.text(url))")
        self.span = span
        measurement = HTTPMeasurement(method, address, in: span.activate { Hearth.currentContext() })
    }

    deinit {
        // A client that says no more has let the request go.
        finish(.abandoned)
    }

    private static func attributes(
        _ method: String,
        _ url: String,
        _ address: WebAddress?,
        _ headers: [(name: String, value: String)],
        _ body: [UInt8]?,
        _ options: HTTPInstrumentation,
        _ includeContent: Bool
    ) -> Attributes {
        var attributes = HTTPConventions.attributes(ofMethod: method)
        attributes["url.full"] = .string(RecordedURL.text(url))
        if let address {
            attributes["server.address"] = .string(address.host)
            if let port = address.effectivePort { attributes["server.port"] = .int(Int64(port)) }
        }
        append(headers, options.requestHeaders, "http.request.header.", to: &attributes)
        if let body, !body.isEmpty {
            attributes["http.request.body.size"] = .int(Int64(body.count))
            if options.requestBodies, includeContent {
                attributes["http.request.body.text"] = text(body, limit: options.maximumBodyBytes, isWhole: true)
            }
        }
        return attributes
    }

    private static func append(
        _ headers: [(name: String, value: String)],
        _ wanted: HTTPInstrumentation.Headers,
        _ prefix: String,
        to attributes: inout Attributes
    ) {
        guard wanted != .none else { return }
        var values: [String: [String]] = [:]
        for header in headers { values[header.name.lowercased(), default: []].append(header.value) }
        for (name, values) in values.sorted(by: { $0.key < $1.key }) where wanted.contains(name) {
            attributes[prefix + name] = .strings(values)
        }
    }

    /// JSON as structure, other text, and JSON that is cut, as it is; nil for bytes that are no text.
    private static func text(_ bytes: [UInt8], limit: Int, isWhole: Bool) -> AttributeValue? {
        let isCut = !isWhole || bytes.count > limit
        return BodyText.text(of: bytes.prefix(limit), isCut: isCut).map { isCut ? .string($0) : .structured($0) }
    }

    /// The headers that continue the trace at the server.
    public var propagationHeaders: [(name: String, value: String)] {
        guard !options.propagation.isEmpty else { return [] }
        guard let span, span.spanContext != nil else { return Hearth.propagationHeaders(options.propagation) }
        return span.activate { Hearth.propagationHeaders(options.propagation) }
    }

    /// The head of the answer has come.
    public func receiveHead(status: Int, headers: [(name: String, value: String)] = []) {
        let contentType = headers.first { $0.name.lowercased() == "content-type" }?.value
        state.withLock { state in
            state.status = status
            state.exchange?.receiveHead(status: status, contentType: contentType)
        }
        guard let span, span.isRecording else { return }
        var attributes: Attributes = ["http.response.status_code": status]
        Self.append(headers, options.responseHeaders, "http.response.header.", to: &attributes)
        span.setAttributes(attributes)
    }

    /// Bytes of the answer have come, after content encodings were undone.
    public func receive(_ bytes: some Collection<UInt8>) {
        let pieces = state.withLock { state -> Int in
            guard !state.isEnded else { return 0 }
            state.bodySize += bytes.count
            if options.responseBodies, includeContent, state.body.count < options.maximumBodyBytes {
                state.body.append(contentsOf: bytes.prefix(options.maximumBodyBytes - state.body.count))
            }
            return state.exchange?.receive(bytes) ?? 0
        }
        for _ in 0..<pieces { call?.recordChunk() }
    }

    /// Whether the answer so far says that the same request may succeed later.
    public var isRepeatable: Bool {
        guard let status = state.withLock({ $0.status }) else { return true }
        return status == 408 || status == 409 || status == 429 || status >= 500
    }

    /// The answer has come to its end. `isFollowed` says that the client sends the request again.
    public func finish(_ end: ModelExchange.End = .whole, isFollowed: Bool = false) {
        let time = SystemTime.wall()
        guard let state = close(end) else { return }
        measurement.record(status: state.status, errorType: end == .cut ? "incomplete_response" : nil)
        if let span, span.isRecording {
            span.setAttribute("http.response.body.size", state.bodySize)
            if !state.body.isEmpty,
                let text = Self.text(state.body, limit: options.maximumBodyBytes, isWhole: state.body.count == state.bodySize)
            {
                span.setAttribute("http.response.body.text", text)
            }
            if let status = state.status, status >= 400 {
                span.setAttribute("error.type", String(status))
                span.setStatus(.error)
            } else if end == .cut {
                span.setAttribute("error.type", "incomplete_response")
                span.setStatus(.error, "the answer ended before its end")
            }
            span.end(at: time)
        }
        guard let call, let exchange = state.exchange else { return }
        if let response = exchange.response { call.setResponse(response) }
        if let error = exchange.error {
            let status = exchange.status.flatMap { $0 >= 400 ? $0 : nil }
            call.endAttempt(
                .init(type: error.type, message: error.message, cause: status.map(String.init) ?? error.type, statusCode: status))
        } else if end == .abandoned, exchange.isEventStream, !exchange.isComplete {
            call.span.addEvent("stream closed early")
        }
        if ownsCall, !isFollowed { call.end() }
    }

    /// No answer has come, or it broke off. `isFollowed` says that the client sends the request again.
    /// `type` is `error.type`, where the type of the error says too little.
    public func fail(_ error: any Error, type: String? = nil, isFollowed: Bool = false) {
        guard let state = close(.cut) else { return }
        let type = type ?? (error is CancellationError ? "cancelled" : String(reflecting: Swift.type(of: error)))
        measurement.record(status: state.status, errorType: type)
        if let span {
            span.setAttribute("error.type", type)
            span.recordError(error, isEscaping: true)
            span.end()
        }
        guard let call else { return }
        if let response = state.exchange?.response { call.setResponse(response) }
        call.endAttempt(.init(type: type, message: "\(error)", cause: type, statusCode: nil))
        if ownsCall, !isFollowed { call.end() }
    }

    /// A repetition that was announced does not come: the attempt was the last one.
    public func abandonRepetition() {
        if ownsCall { call?.end() }
    }

    private func close(_ end: ModelExchange.End) -> State? {
        state.withLock { state in
            guard !state.isEnded else { return nil }
            state.isEnded = true
            state.exchange?.finish(end)
            defer {
                state.exchange = nil
                state.body = []
            }
            return state
        }
    }
}

extension InstrumentationScope {
    /// The scope of spans of HTTP requests.
    static let http = InstrumentationScope(name: "hearth.http", version: InstrumentationScope.hearth.version)
}
