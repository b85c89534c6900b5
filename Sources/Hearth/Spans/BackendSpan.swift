package import Instrumentation
import Synchronization

/// The door for the backends of the ecosystem's APIs, which live in modules of their own.
package enum BackendSpans {
    /// Starts a span of OpenTelemetry's shape.
    ///
    /// - Returns: the span and the context in which it is the parent.
    package static func start(
        _ name: String,
        in outer: InstrumentationContext,
        kind: Hearth.SpanKind,
        scope: InstrumentationScope?,
        time: UInt64,
        source: SourceLocation
    ) -> (HearthSpan, InstrumentationContext) {
        guard let runtime = Runtime.current else { return (.notRecorded, outer) }
        let request = Runtime.Request(name: name, style: .plain, spanKind: kind, scope: scope, source: source, time: time)
        switch runtime.start(request, in: outer, attributes: { [:] }) {
        case .skipped: return (.notRecorded, outer)
        case .unsampled: return (.notRecorded, Hearth.unsampled(outer))
        case .recorded(let span):
            var inner = outer
            inner.hearth = .span(span)
            return (span, inner)
        }
    }

    /// The innermost open span of a context.
    package static func active(in context: InstrumentationContext) -> HearthSpan? { context.hearth?.span }

    /// What identifies a context's span to links.
    package static func spanContext(of context: InstrumentationContext) -> SpanContext? {
        context.hearth?.span?.spanContext ?? context.hearth?.remote
    }
}

extension HearthSpan {
    /// The name as it is now.
    package var currentName: String { state.withLock { $0.name ?? template } }

    /// The attributes as they are now.
    package var currentAttributes: [Attribute] { state.withLock { $0.attributes } }

    /// Replaces all attributes.
    package func replaceAttributes(_ attributes: [Attribute]) {
        update { state, runtime in
            state.attributes = Array(attributes.prefix(runtime.limits.attributes))
            state.droppedAttributes = UInt32(clamping: attributes.count - state.attributes.count)
        }
    }

    /// Makes the span an error; nil leaves the text it has.
    package func markError(_ message: String?) {
        update { state, _ in
            state.status = .error
            if let message { state.statusMessage = message }
            if state.level == nil { state.level = .error }
        }
    }
}
