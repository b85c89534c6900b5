import Instrumentation

/// What of the SDK a service context carries; under one key, so that a span start looks it up once.
enum ContextNode: Sendable {
    /// A span of this process is open.
    case span(HearthSpan)
    /// A span is open and something was set inside of it, or the parent lives in another process.
    case extended(ContextExtension)
    /// The trace is not recorded; what else was set around it still holds.
    case unsampled(ContextExtension)
}

/// The rarer parts of a context.
final class ContextExtension: Sendable {
    let span: HearthSpan?
    let remote: SpanContext?
    let settings: ScopeSettings?
    let baggage: Baggage

    init(span: HearthSpan?, remote: SpanContext?, settings: ScopeSettings?, baggage: Baggage) {
        self.span = span
        self.remote = remote
        self.settings = settings
        self.baggage = baggage
    }

    static let empty = ContextExtension(span: nil, remote: nil, settings: nil, baggage: Baggage())
}

enum ContextNodeKey: InstrumentationContextKey {
    typealias Value = ContextNode
    static var nameOverride: String? { "hearth" }
}

extension ContextNode {
    /// What surrounds a place: what its context tells, otherwise what the process was started in.
    static func around(_ context: InstrumentationContext?) -> ContextNode? {
        if let node = context?.hearth { return node }
        let inherited = Runtime.current?.inherited
        if UnsampledTrace.isCurrent { return .unsampled(inherited ?? .empty) }
        return inherited.map(ContextNode.extended)
    }

    /// The innermost span of this process that is recorded.
    var span: HearthSpan? {
        switch self {
        case .span(let span): span
        case .extended(let more): more.span
        case .unsampled: nil
        }
    }

    /// The span of another process around this place.
    var remote: SpanContext? {
        switch self {
        case .span: nil
        case .extended(let more), .unsampled(let more): more.remote
        }
    }

    var settings: ScopeSettings? {
        switch self {
        case .span(let span): span.settings
        case .extended(let more), .unsampled(let more): more.settings
        }
    }

    var baggage: Baggage {
        switch self {
        case .span(let span): span.baggage
        case .extended(let more), .unsampled(let more): more.baggage
        }
    }

    /// The node with other settings or baggage.
    func extending(settings: ScopeSettings?, baggage: Baggage) -> ContextNode {
        let more = ContextExtension(span: span, remote: remote, settings: settings, baggage: baggage)
        if case .unsampled = self { return .unsampled(more) }
        return .extended(more)
    }

    /// The node of a trace that is not recorded, inside of this one.
    ///
    /// A remote trace whose caller does not record it goes on to others under its own id.
    var unsampled: ContextNode {
        if case .unsampled = self { return self }
        let caller = remote.flatMap { $0.isSampled ? nil : $0 }
        return .unsampled(ContextExtension(span: nil, remote: caller, settings: settings, baggage: baggage))
    }
}

extension InstrumentationContext {
    var hearth: ContextNode? {
        get { self[ContextNodeKey.self] }
        set { self[ContextNodeKey.self] = newValue }
    }
}
