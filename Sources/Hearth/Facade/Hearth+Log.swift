import HearthExport
import Instrumentation

extension Hearth {
    /// Records a moment: a log of the trace that surrounds it.
    ///
    /// - Parameters:
    ///   - level: importance.
    ///   - template: name of the log and template of its message: `{name}` stands for an attribute.
    ///   - attributes: evaluated only when the log is recorded.
    ///   - tags: `logfire.tags`, besides those of the surroundings.
    ///   - error: recorded with type, text and the way of spans to it.
    ///   - scope: who makes it; the surrounding settings or `hearth` when nil.
    ///   - fileID: `code.filepath`, filled in by the compiler.
    ///   - function: `code.function`, filled in by the compiler.
    ///   - line: `code.lineno`, filled in by the compiler.
    public static func log(
        _ level: Level,
        _ template: String,
        _ attributes: @autoclosure () -> Attributes = [:],
        tags: [String] = [],
        error: (any Error)? = nil,
        scope: InstrumentationScope? = nil,
        fileID: String = #fileID,
        function: String = #function,
        line: Int = #line
    ) {
        guard let runtime = Runtime.current else { return }
        let source = SourceLocation(file: fileID, function: function, line: line)
        runtime.log(level, template, attributes, tags: tags, error: error, scope: scope, source: source)
    }

    /// Records a moment of the finest level; see ``log(_:_:_:tags:error:scope:fileID:function:line:)``.
    public static func trace(
        _ template: String,
        _ attributes: @autoclosure () -> Attributes = [:],
        tags: [String] = [],
        error: (any Error)? = nil,
        fileID: String = #fileID,
        function: String = #function,
        line: Int = #line
    ) {
        guard let runtime = Runtime.current else { return }
        let source = SourceLocation(file: fileID, function: function, line: line)
        runtime.log(.trace, template, attributes, tags: tags, error: error, scope: nil, source: source)
    }

    /// Records something that helps to find faults; see ``log(_:_:_:tags:error:scope:fileID:function:line:)``.
    public static func debug(
        _ template: String,
        _ attributes: @autoclosure () -> Attributes = [:],
        tags: [String] = [],
        error: (any Error)? = nil,
        fileID: String = #fileID,
        function: String = #function,
        line: Int = #line
    ) {
        guard let runtime = Runtime.current else { return }
        let source = SourceLocation(file: fileID, function: function, line: line)
        runtime.log(.debug, template, attributes, tags: tags, error: error, scope: nil, source: source)
    }

    /// Records something that happens as it should; see ``log(_:_:_:tags:error:scope:fileID:function:line:)``.
    public static func info(
        _ template: String,
        _ attributes: @autoclosure () -> Attributes = [:],
        tags: [String] = [],
        error: (any Error)? = nil,
        fileID: String = #fileID,
        function: String = #function,
        line: Int = #line
    ) {
        guard let runtime = Runtime.current else { return }
        let source = SourceLocation(file: fileID, function: function, line: line)
        runtime.log(.info, template, attributes, tags: tags, error: error, scope: nil, source: source)
    }

    /// Records something out of the ordinary that is not a fault; see ``log(_:_:_:tags:error:scope:fileID:function:line:)``.
    public static func notice(
        _ template: String,
        _ attributes: @autoclosure () -> Attributes = [:],
        tags: [String] = [],
        error: (any Error)? = nil,
        fileID: String = #fileID,
        function: String = #function,
        line: Int = #line
    ) {
        guard let runtime = Runtime.current else { return }
        let source = SourceLocation(file: fileID, function: function, line: line)
        runtime.log(.notice, template, attributes, tags: tags, error: error, scope: nil, source: source)
    }

    /// Records something that may become a fault; see ``log(_:_:_:tags:error:scope:fileID:function:line:)``.
    public static func warn(
        _ template: String,
        _ attributes: @autoclosure () -> Attributes = [:],
        tags: [String] = [],
        error: (any Error)? = nil,
        fileID: String = #fileID,
        function: String = #function,
        line: Int = #line
    ) {
        guard let runtime = Runtime.current else { return }
        let source = SourceLocation(file: fileID, function: function, line: line)
        runtime.log(.warn, template, attributes, tags: tags, error: error, scope: nil, source: source)
    }

    /// Records a fault; see ``log(_:_:_:tags:error:scope:fileID:function:line:)``.
    public static func error(
        _ template: String,
        _ attributes: @autoclosure () -> Attributes = [:],
        tags: [String] = [],
        error: (any Error)? = nil,
        fileID: String = #fileID,
        function: String = #function,
        line: Int = #line
    ) {
        guard let runtime = Runtime.current else { return }
        let source = SourceLocation(file: fileID, function: function, line: line)
        runtime.log(.error, template, attributes, tags: tags, error: error, scope: nil, source: source)
    }

    /// Records a fault after which the application cannot go on; see ``log(_:_:_:tags:error:scope:fileID:function:line:)``.
    public static func fatal(
        _ template: String,
        _ attributes: @autoclosure () -> Attributes = [:],
        tags: [String] = [],
        error: (any Error)? = nil,
        fileID: String = #fileID,
        function: String = #function,
        line: Int = #line
    ) {
        guard let runtime = Runtime.current else { return }
        let source = SourceLocation(file: fileID, function: function, line: line)
        runtime.log(.fatal, template, attributes, tags: tags, error: error, scope: nil, source: source)
    }

    /// Records a log whose text is ready: braces in it are no placeholders.
    package static func record(
        _ level: Level,
        message: String,
        attributes: @autoclosure () -> Attributes,
        error: (any Error)?,
        scope: InstrumentationScope?,
        source: SourceLocation
    ) {
        guard let runtime = Runtime.current else { return }
        runtime.log(level, message, attributes, tags: [], error: error, scope: scope, source: source, isText: true)
    }
}

extension Runtime {
    func log(
        _ level: Level,
        _ template: String,
        _ attributes: () -> Attributes,
        tags: [String],
        error: (any Error)?,
        scope: InstrumentationScope?,
        source: SourceLocation,
        isText: Bool = false
    ) {
        let request = Request(name: template, style: .log, level: level, tags: tags, scope: scope, source: source)
        guard case .recorded(let span) = start(request, in: .current, attributes: attributes) else { return }
        if isText { span.setMessage(template) }
        let description = error.flatMap { span.addException($0, isEscaping: false) }
        if level >= .error { span.setStatus(.error, description?.summary ?? "") }
        span.end(at: span.start)
    }
}
