import Instrumentation

/// What of the SDK a service context carries; under one key, so that a span start looks it up once.
enum ContextNode: Sendable {
    /// A span of this process is open.
    case span(HearthSpan)
    /// A span is open and something was set inside of it, or the parent lives in another process.
    case extended(ContextExtension)
    /// The trace is not recorded.
    case unsampled
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
}

enum ContextNodeKey: InstrumentationContextKey {
    typealias Value = ContextNode
    static var nameOverride: String? { "hearth" }
}

extension ContextNode {
    /// The innermost span of this process that is recorded.
    var span: HearthSpan? {
        switch self {
        case .span(let span): span
        case .extended(let more): more.span
        case .unsampled: nil
        }
    }

    var remote: SpanContext? {
        if case .extended(let more) = self { more.remote } else { nil }
    }

    var settings: ScopeSettings? {
        switch self {
        case .span(let span): span.settings
        case .extended(let more): more.settings
        case .unsampled: nil
        }
    }

    var baggage: Baggage {
        switch self {
        case .span(let span): span.baggage
        case .extended(let more): more.baggage
        case .unsampled: Baggage()
        }
    }

    /// The node with other settings or baggage.
    func extending(settings: ScopeSettings?, baggage: Baggage) -> ContextNode {
        if case .unsampled = self { return self }
        return .extended(ContextExtension(span: span, remote: remote, settings: settings, baggage: baggage))
    }
}

extension InstrumentationContext {
    var hearth: ContextNode? {
        get { self[ContextNodeKey.self] }
        set { self[ContextNodeKey.self] = newValue }
    }
}
