public import Instrumentation

/// A place in the trace that can be carried to where task-locals do not reach: queues, threads, callbacks.
public struct TraceLocation: Sendable {
    /// The service context of the place; nil outside of everything.
    public let context: InstrumentationContext?

    /// The span of the place, for links; nil outside of spans.
    public var spanContext: SpanContext? { context?.hearth?.span?.spanContext ?? context?.hearth?.remote }

    /// Runs a closure as if it stood at the place.
    public func attach<Result, Failure: Error>(_ operation: () throws(Failure) -> Result) throws(Failure) -> Result {
        try bound(context ?? .topLevel, operation)
    }

    /// Runs an asynchronous closure as if it stood at the place.
    nonisolated(nonsending) public func attach<Result, Failure: Error>(
        _ operation: nonisolated(nonsending) () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        try await bound(context ?? .topLevel, operation)
    }
}

extension Hearth {
    /// The present place in the trace.
    ///
    /// ```swift
    /// let place = Hearth.currentContext()
    /// queue.async { place.attach { Hearth.info("on the queue") } }
    /// ```
    public static func currentContext() -> TraceLocation {
        let context = InstrumentationContext.current
        return TraceLocation(context: context?.hearth == nil && UnsampledTrace.isCurrent ? unsampled(context) : context)
    }

    /// Runs a closure at a place in the trace; the same as `TraceLocation.attach`.
    public static func attach<Result, Failure: Error>(
        _ place: TraceLocation,
        _ operation: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try place.attach(operation)
    }

    /// Runs an asynchronous closure at a place in the trace.
    nonisolated(nonsending) public static func attach<Result, Failure: Error>(
        _ place: TraceLocation,
        _ operation: nonisolated(nonsending) () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        try await place.attach(operation)
    }

    // MARK: Settings

    /// Everything inside of the closure has these settings too.
    public static func withSettings<Result, Failure: Error>(
        _ settings: SpanSettings,
        _ operation: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard let context = context(with: settings) else { return try operation() }
        return try bound(context, operation)
    }

    /// Everything inside of the asynchronous closure has these settings too.
    nonisolated(nonsending) public static func withSettings<Result, Failure: Error>(
        _ settings: SpanSettings,
        _ operation: nonisolated(nonsending) () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        guard let context = context(with: settings) else { return try await operation() }
        return try await bound(context, operation)
    }

    /// Every span and log inside of the closure has these tags too.
    public static func withTags<Result, Failure: Error>(
        _ tags: String...,
        operation: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withSettings(SpanSettings(tags: tags), operation)
    }

    /// Every span and log inside of the asynchronous closure has these tags too.
    nonisolated(nonsending) public static func withTags<Result, Failure: Error>(
        _ tags: String...,
        operation: nonisolated(nonsending) () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        try await withSettings(SpanSettings(tags: tags), operation)
    }

    /// Nothing inside of the closure is recorded.
    public static func suppress<Result, Failure: Error>(_ operation: () throws(Failure) -> Result) throws(Failure) -> Result {
        try withSettings(SpanSettings(isSuppressed: true), operation)
    }

    /// Nothing inside of the asynchronous closure is recorded.
    nonisolated(nonsending) public static func suppress<Result, Failure: Error>(
        _ operation: nonisolated(nonsending) () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        try await withSettings(SpanSettings(isSuppressed: true), operation)
    }

    // MARK: Baggage

    /// The baggage of the present place.
    public static var baggage: Baggage {
        ContextNode.around(.current)?.baggage ?? Baggage()
    }

    /// Adds baggage inside of the closure: an attribute of every span there, and sent along to other services.
    public static func withBaggage<Result, Failure: Error>(
        _ baggage: Baggage,
        _ operation: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard let context = context(with: baggage) else { return try operation() }
        return try bound(context, operation)
    }

    /// Adds baggage inside of the asynchronous closure.
    nonisolated(nonsending) public static func withBaggage<Result, Failure: Error>(
        _ baggage: Baggage,
        _ operation: nonisolated(nonsending) () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        guard let context = context(with: baggage) else { return try await operation() }
        return try await bound(context, operation)
    }

    private static func context(with settings: SpanSettings) -> InstrumentationContext? {
        extendedContext { outer, baggage in
            (ScopeSettings(settings.inside(outer?.values ?? SpanSettings())), baggage)
        }
    }

    private static func context(with baggage: Baggage) -> InstrumentationContext? {
        extendedContext { settings, outer in
            var combined = outer
            combined.merge(baggage)
            return (settings, combined)
        }
    }

    /// The present context with other settings and baggage; nil while nothing is configured.
    private static func extendedContext(
        _ change: (ScopeSettings?, Baggage) -> (ScopeSettings?, Baggage)
    ) -> InstrumentationContext? {
        guard Runtime.current != nil else { return nil }
        var context = InstrumentationContext.current ?? .topLevel
        let node = ContextNode.around(context) ?? .extended(.empty)
        let (settings, baggage) = change(node.settings, node.baggage)
        context.hearth = node.extending(settings: settings, baggage: baggage)
        return context
    }
}
