import HearthExport
import Instrumentation

/// A span of a call whose beginning and end lie in different closures, as interceptors and middleware have them.
///
/// Its name is no template, and the place inside of it is known also when it is not recorded, so that what is inside is not recorded either.
package struct OpenSpan: Sendable {
    package let span: HearthSpan
    /// The place inside of the span.
    package let place: TraceLocation

    /// - Parameters:
    ///   - place: where the span begins; the present place when nil.
    ///   - attributes: evaluated only when the span is recorded.
    ///   - time: nanoseconds since the Unix epoch; nil is now.
    package init(
        _ name: String,
        kind: Hearth.SpanKind,
        scope: InstrumentationScope,
        in place: TraceLocation? = nil,
        at time: UInt64? = nil,
        attributes: () -> Attributes = { [:] },
        source: SourceLocation = SourceLocation(file: "", function: "", line: 0)
    ) {
        let outer = place.map { $0.context ?? .topLevel } ?? .current ?? .topLevel
        let (span, inner) = BackendSpans.start(
            name, in: outer, kind: kind, scope: scope, time: time ?? SystemTime.wall(), source: source)
        if span.isRecording { span.setAttributes(attributes()) }
        self.span = span
        self.place = TraceLocation(context: inner)
    }

    /// Records a call that is already over.
    ///
    /// - Parameters:
    ///   - seconds: how long it took until now.
    ///   - message: what is shown of it.
    package static func record(
        _ name: String,
        kind: Hearth.SpanKind,
        scope: InstrumentationScope,
        seconds: Double,
        message: String,
        attributes: () -> Attributes
    ) {
        guard Hearth.isConfigured else { return }
        let now = SystemTime.wall()
        let length = UInt64(min(max(seconds, 0), 1e9) * 1e9)
        let open = OpenSpan(name, kind: kind, scope: scope, at: now > length ? now - length : now, attributes: attributes)
        open.span.setMessage(message)
        open.span.end(at: now)
    }
}
