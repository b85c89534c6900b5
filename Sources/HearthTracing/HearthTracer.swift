public import Hearth
public import Tracing

/// The backend of swift-distributed-tracing: `withSpan` and `Hearth.span` nest in each other.
///
/// ```swift
/// try Hearth.configure()
/// InstrumentationSystem.bootstrap(HearthTracer())
/// ```
public struct HearthTracer: Tracer {
    public typealias Span = HearthTracerSpan

    private let scope: InstrumentationScope?
    private let propagation: [Propagation]

    /// - Parameters:
    ///   - scope: who makes the spans; `hearth` when nil.
    ///   - propagation: headers that are written; all known ones are read.
    public init(scope: InstrumentationScope? = nil, propagation: [Propagation] = [.traceContext, .baggage]) {
        self.scope = scope
        self.propagation = propagation
    }

    public func startSpan<Instant: TracerInstant>(
        _ operationName: String,
        context: @autoclosure () -> InstrumentationContext,
        ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant,
        function: String,
        file fileID: String,
        line: UInt
    ) -> HearthTracerSpan {
        let (span, inner) = BackendSpans.start(
            operationName,
            in: context(),
            kind: Hearth.SpanKind(kind),
            scope: scope,
            time: instant().nanosecondsSinceEpoch,
            source: SourceLocation(file: fileID, function: function, line: Int(clamping: line))
        )
        return HearthTracerSpan(span: span, context: inner)
    }

    public func activeSpan(identifiedBy context: InstrumentationContext) -> HearthTracerSpan? {
        BackendSpans.active(in: context).map { HearthTracerSpan(span: $0, context: context) }
    }

    public func forceFlush() {
        Hearth.flush()
    }

    public func inject<Carrier, Inject: Injector>(
        _ context: InstrumentationContext,
        into carrier: inout Carrier,
        using injector: Inject
    ) where Inject.Carrier == Carrier {
        for header in Hearth.headers(of: context, propagation) { injector.inject(header.value, forKey: header.name, into: &carrier) }
    }

    public func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier,
        into context: inout InstrumentationContext,
        using extractor: Extract
    ) where Extract.Carrier == Carrier {
        Hearth.extract(into: &context) { extractor.extract(key: $0, from: carrier) }
    }
}

extension Hearth.SpanKind {
    init(_ kind: SpanKind) {
        self =
            switch kind {
            case .server: .server
            case .client: .client
            case .producer: .producer
            case .consumer: .consumer
            case .internal: .internal
            }
    }
}
