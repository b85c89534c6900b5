package import Instrumentation

/// Which headers carry the trace to other services.
public enum Propagation: Sendable, Hashable, CaseIterable {
    /// `traceparent` and `tracestate`.
    case traceContext
    /// `baggage`.
    case baggage
    /// The single header `b3`; `X-B3-…` is read too.
    case b3
}

extension Hearth {
    /// The headers that continue the present trace in another service.
    ///
    /// ```swift
    /// for (name, value) in Hearth.propagationHeaders() { request.headers.add(name: name, value: value) }
    /// ```
    public static func propagationHeaders(_ formats: [Propagation] = [.traceContext, .baggage]) -> [(name: String, value: String)] {
        headers(of: InstrumentationContext.current, formats)
    }

    package static func headers(of context: InstrumentationContext?, _ formats: [Propagation]) -> [(name: String, value: String)] {
        guard let node = ContextNode.around(context) else { return [] }
        var result: [(name: String, value: String)] = []
        let span: SpanContext?
        if case .unsampled = node {
            // Others are told not to record either.
            let traceID = node.remote?.traceID ?? TraceID(high: IDGenerator.random(), low: IDGenerator.random())
            span = SpanContext(traceID: traceID, spanID: IDGenerator.spanID(), flags: [], traceState: node.remote?.traceState ?? "")
        } else {
            span = node.span?.spanContext ?? node.remote
        }
        for format in formats {
            switch format {
            case .traceContext:
                guard let span else { continue }
                result.append(("traceparent", TraceHeaders.traceparent(span)))
                if !span.traceState.isEmpty { result.append(("tracestate", span.traceState)) }
            case .b3:
                if let span { result.append(("b3", TraceHeaders.b3(span))) }
            case .baggage:
                if let text = TraceHeaders.baggage(node.baggage) { result.append(("baggage", text)) }
            }
        }
        return result
    }

    /// The environment variables that continue the present trace in a child process: `TRACEPARENT`, `TRACESTATE` and `BAGGAGE`.
    ///
    /// ```swift
    /// process.environment.merge(Hearth.propagationEnvironment()) { $1 }
    /// ```
    /// A child that uses Hearth, or any OpenTelemetry SDK that reads them, takes them at its start.
    public static func propagationEnvironment() -> [String: String] {
        var result: [String: String] = [:]
        for (name, value) in propagationHeaders() { result[name.uppercased()] = value }
        return result
    }

    /// What the process that started this one left in the environment.
    static func inheritedContext(_ variable: (String) -> String?) -> ContextExtension? {
        let remote = variable("TRACEPARENT").flatMap { TraceHeaders.context(traceparent: $0, tracestate: variable("TRACESTATE")) }
        let baggage = variable("BAGGAGE").map { TraceHeaders.baggage($0) } ?? Baggage()
        guard remote != nil || !baggage.isEmpty else { return nil }
        return ContextExtension(span: nil, remote: remote, settings: nil, baggage: baggage)
    }

    /// The place in a trace that another service's headers name; spans attached there continue its trace.
    ///
    /// - Parameter header: looks up a header by its lower-case name.
    public static func remoteContext(_ header: (String) -> String?) -> TraceLocation {
        var context = InstrumentationContext.current ?? .topLevel
        extract(into: &context, header)
        return TraceLocation(context: context)
    }

    package static func extract(into context: inout InstrumentationContext, _ header: (String) -> String?) {
        var remote: SpanContext?
        if let text = header("traceparent") { remote = TraceHeaders.context(traceparent: text, tracestate: header("tracestate")) }
        if remote == nil, let text = header("b3") { remote = TraceHeaders.context(b3: text) }
        if remote == nil, let traceID = header("x-b3-traceid"), let spanID = header("x-b3-spanid") {
            let isDebug = header("x-b3-flags") == "1"
            remote = TraceHeaders.context(b3TraceID: traceID, spanID: spanID, sampled: header("x-b3-sampled"), isDebug: isDebug)
        }
        let received = header("baggage").map { TraceHeaders.baggage($0) } ?? Baggage()
        guard remote != nil || !received.isEmpty else { return }
        let node = context.hearth
        var baggage = node?.baggage ?? Baggage()
        baggage.merge(received)
        if let node, remote == nil {
            context.hearth = node.extending(settings: node.settings, baggage: baggage)
        } else {
            context.hearth = .extended(ContextExtension(span: nil, remote: remote, settings: node?.settings, baggage: baggage))
        }
    }
}
