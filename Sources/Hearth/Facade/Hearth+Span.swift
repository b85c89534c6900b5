public import Instrumentation

extension Hearth {
    /// Runs a closure inside of a span.
    ///
    /// The span ends with the closure; an error that leaves it is recorded and makes the span an error. Spans inside become its children.
    /// - Parameters:
    ///   - template: name of the span and template of its message: `{name}` stands for an attribute.
    ///   - attributes: evaluated only when the span is recorded.
    ///   - tags: `logfire.tags`, besides those of the surroundings.
    ///   - level: importance; `info` when nil.
    ///   - kind: what the span is to the trace.
    ///   - scope: who makes the span; the surrounding settings or `hearth` when nil.
    ///   - links: other spans that caused this one.
    ///   - fileID: `code.filepath`, filled in by the compiler.
    ///   - function: `code.function`, filled in by the compiler.
    ///   - line: `code.lineno`, filled in by the compiler.
    ///   - operation: runs once, inside of the span.
    @inlinable
    public static func span<Result, Failure: Error>(
        _ template: String,
        _ attributes: @autoclosure () -> Attributes = [:],
        tags: [String] = [],
        level: Level? = nil,
        kind: Hearth.SpanKind = .internal,
        scope: InstrumentationScope? = nil,
        links: [SpanContext] = [],
        fileID: String = #fileID,
        function: String = #function,
        line: Int = #line,
        _ operation: (HearthSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard isActive else { return try operation(.notRecorded) }
        let tail = tail(level)
        guard tail != 0 else { return try boundUnsampled { () throws(Failure) in try operation(.notRecorded) } }
        let (span, context) = begin(
            template,
            attributes,
            tags: tags,
            level: level,
            kind: kind,
            scope: scope,
            links: links,
            source: SourceLocation(file: fileID, function: function, line: line),
            tail: tail
        )
        guard let context else { return try operation(span) }
        defer { span.end() }
        do throws(Failure) {
            return try bound(context) { () throws(Failure) in try operation(span) }
        } catch {
            span.recordError(error, isEscaping: true)
            throw error
        }
    }

    /// Runs an asynchronous closure inside of a span, on the caller's actor; see the synchronous form.
    @inlinable
    nonisolated(nonsending) public static func span<Result, Failure: Error>(
        _ template: String,
        _ attributes: @autoclosure () -> Attributes = [:],
        tags: [String] = [],
        level: Level? = nil,
        kind: Hearth.SpanKind = .internal,
        scope: InstrumentationScope? = nil,
        links: [SpanContext] = [],
        fileID: String = #fileID,
        function: String = #function,
        line: Int = #line,
        _ operation: nonisolated(nonsending) (HearthSpan) async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        guard isActive else { return try await operation(.notRecorded) }
        let tail = tail(level)
        guard tail != 0 else { return try await boundUnsampled { () async throws(Failure) in try await operation(.notRecorded) } }
        let (span, context) = begin(
            template,
            attributes,
            tags: tags,
            level: level,
            kind: kind,
            scope: scope,
            links: links,
            source: SourceLocation(file: fileID, function: function, line: line),
            tail: tail
        )
        guard let context else { return try await operation(span) }
        defer { span.end() }
        do throws(Failure) {
            return try await bound(context) { () async throws(Failure) in try await operation(span) }
        } catch {
            span.recordError(error, isEscaping: true)
            throw error
        }
    }

    /// Decides, where that needs no more than a random number, whether a trace that begins here is recorded.
    ///
    /// - Returns: zero when it is not, one when that is not yet known, otherwise the last eight bytes of its id.
    @usableFromInline
    static func tail(_ level: Level?) -> UInt64 {
        guard let runtime = Runtime.reference else { return 1 }
        return runtime._withUnsafeGuaranteedRef { runtime -> UInt64 in
            guard let threshold = runtime.simpleThreshold, (level ?? .info) >= runtime.minimumLevel, InstrumentationContext.current == nil
            else { return 1 }
            guard threshold > 0 else { return 0 }
            let tail = IDGenerator.random()
            // Inside of a trace that is not recorded nothing is.
            return tail & Sampler.randomBits < threshold && !UnsampledTrace.isCurrent ? tail : 0
        }
    }

    /// The part of a span's start that is not copied into callers.
    ///
    /// - Returns: the span, and the context of the closure where it is another one.
    @usableFromInline
    static func begin(
        _ template: String,
        _ attributes: () -> Attributes,
        tags: [String],
        level: Level?,
        kind: Hearth.SpanKind,
        scope: InstrumentationScope?,
        links: [SpanContext],
        source: SourceLocation,
        tail: UInt64
    ) -> (HearthSpan, InstrumentationContext?) {
        guard let runtime = Runtime.current else { return (.notRecorded, nil) }
        let outer = InstrumentationContext.current
        let request = Runtime.Request(
            name: template,
            spanKind: kind,
            level: level,
            tags: tags,
            scope: scope,
            links: links.isEmpty ? [] : links.map { SpanLinkRecord(context: $0, attributes: []) },
            source: source,
            tail: tail
        )
        switch runtime.start(request, in: outer, attributes: attributes) {
        case .skipped: return (.notRecorded, nil)
        case .unsampled: return (.notRecorded, unsampled(outer))
        case .recorded(let span):
            var inner = outer ?? .topLevel
            inner.hearth = .span(span)
            return (span, inner)
        }
    }

    /// Starts a span that is ended by hand with ``HearthSpan/end()``; it is the parent only where `HearthSpan.activate` says so.
    public static func startSpan(
        _ template: String,
        _ attributes: @autoclosure () -> Attributes = [:],
        tags: [String] = [],
        level: Level? = nil,
        kind: Hearth.SpanKind = .internal,
        scope: InstrumentationScope? = nil,
        links: [SpanContext] = [],
        fileID: String = #fileID,
        function: String = #function,
        line: Int = #line
    ) -> HearthSpan {
        guard let runtime = Runtime.current else { return .notRecorded }
        let request = Runtime.Request(
            name: template,
            spanKind: kind,
            level: level,
            tags: tags,
            scope: scope,
            links: links.map { SpanLinkRecord(context: $0, attributes: []) },
            source: SourceLocation(file: fileID, function: function, line: line)
        )
        guard case .recorded(let span) = runtime.start(request, in: .current, attributes: attributes) else { return .notRecorded }
        return span
    }

    /// Whether anything is recorded at all: the one thing that costs while nothing is configured.
    @usableFromInline static var isActive: Bool { Runtime.reference != nil }

    /// The innermost open span; nil outside of spans and where nothing is recorded.
    public static var currentSpan: HearthSpan? {
        Runtime.current == nil ? nil : InstrumentationContext.current?.hearth?.span
    }

    /// The context of traces that are not recorded; always the same one unless other libraries have keys in it.
    private static let unsampledContext: InstrumentationContext = {
        var context = InstrumentationContext.topLevel
        context.hearth = .unsampled(.empty)
        return context
    }()

    static func unsampled(_ outer: InstrumentationContext?) -> InstrumentationContext {
        let around = ContextNode.around(outer)
        if around == nil, outer?.isEmpty ?? true { return unsampledContext }
        var context = outer ?? .topLevel
        context.hearth = around?.unsampled ?? .unsampled(.empty)
        return context
    }
}

extension HearthSpan {
    /// Makes the span the parent of everything inside of the closure, without ending it.
    public func activate<Result, Failure: Error>(_ operation: () throws(Failure) -> Result) throws(Failure) -> Result {
        guard runtime != nil else { return try operation() }
        return try bound(context, operation)
    }

    /// Makes the span the parent of everything inside of the asynchronous closure, without ending it.
    nonisolated(nonsending) public func activate<Result, Failure: Error>(
        _ operation: nonisolated(nonsending) () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        guard runtime != nil else { return try await operation() }
        return try await bound(context, operation)
    }
}
