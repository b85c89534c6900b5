public import Hearth

/// A tool while it is executed.
public struct ToolCall: Sendable {
    /// The span of the tool.
    public let span: HearthSpan
    let settings: InstrumentationSettings

    /// Tells what the tool answers; a result of the closure that can be recorded is told by itself.
    public func setResult(_ result: some AttributeConvertible) {
        guard settings.includeContent else { return }
        span.setAttribute(settings.format == .v2 ? "tool_response" : "gen_ai.tool.call.result", result.attributeValue)
    }

    /// Tells that the model is to try again, and why.
    ///
    /// - Parameters:
    ///   - cause: what was wrong.
    ///   - attempt: number of this attempt, from 1.
    ///   - limit: how many there may be.
    public func recordRetry(cause: String, attempt: Int, limit: Int? = nil) {
        span.setAttribute("retry_count", attempt)
        span.setAttribute("retry_cause", cause)
        if settings.isPydantic {
            span.setAttribute("pydantic_ai.tool.retry.cause", cause)
            span.setAttribute("pydantic_ai.tool.retry.attempt", attempt)
            if let limit { span.setAttribute("pydantic_ai.tool.retry.max_retries", limit) }
        }
        span.addEvent("retry", ["retry.attempt": attempt, "retry.cause": cause])
    }
}

/// Thrown by a tool that somebody else has to execute or approve first. From format 5 on it is no error of the tool.
public struct ToolDeferral: Error, Sendable, Hashable, CustomStringConvertible {
    public var description: String

    /// A deferral and why.
    public init(_ description: String = "the tool is executed later") {
        self.description = description
    }
}

extension Hearth {
    /// Records the execution of a tool: an INTERNAL span `execute_tool fetch_price`.
    ///
    /// - Parameters:
    ///   - name: of the tool.
    ///   - arguments: recorded only with content.
    ///   - id: of the model's call of the tool.
    ///   - description: what the tool does; nil when that is not recorded.
    ///   - type: `function`, `extension` or `datastore`.
    ///   - fileID: `code.filepath`, filled in by the compiler.
    ///   - function: `code.function`, filled in by the compiler.
    ///   - line: `code.lineno`, filled in by the compiler.
    ///   - operation: runs once, inside of the span.
    public static func withTool<Result, Failure: Error>(
        _ name: String,
        arguments: AttributeValue? = nil,
        id: String? = nil,
        description: String? = nil,
        type: String? = nil,
        fileID: String = #fileID,
        function: String = #function,
        line: Int = #line,
        _ operation: (ToolCall) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let start = ToolStart(name: name, arguments: arguments, id: id, description: description, type: type)
        let site = CallSite(fileID: fileID, function: function, line: line)
        return try GenAISpan.operation(start.spanName, start.attributes, in: start.context, at: site, failed: start.failed) {
            span throws(Failure) in
            let tool = start.tool(span)
            let result = try operation(tool)
            if let value = result as? any AttributeConvertible { tool.setResult(value) }
            return result
        }
    }

    /// Records the execution of a tool around an asynchronous closure; see the synchronous form.
    nonisolated(nonsending) public static func withTool<Result, Failure: Error>(
        _ name: String,
        arguments: AttributeValue? = nil,
        id: String? = nil,
        description: String? = nil,
        type: String? = nil,
        fileID: String = #fileID,
        function: String = #function,
        line: Int = #line,
        _ operation: nonisolated(nonsending) (ToolCall) async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        let start = ToolStart(name: name, arguments: arguments, id: id, description: description, type: type)
        let site = CallSite(fileID: fileID, function: function, line: line)
        return try await GenAISpan.operation(start.spanName, start.attributes, in: start.context, at: site, failed: start.failed) {
            span async throws(Failure) in
            let tool = start.tool(span)
            let result = try await operation(tool)
            if let value = result as? any AttributeConvertible { tool.setResult(value) }
            return result
        }
    }
}

/// What is known of a tool's execution before it begins.
private struct ToolStart {
    let name: String
    let arguments: AttributeValue?
    let id: String?
    let description: String?
    let type: String?
    let context = GenAIContext.current

    init(name: String, arguments: AttributeValue?, id: String?, description: String?, type: String?) {
        self.name = name
        self.arguments = arguments
        self.id = id
        self.description = description
        self.type = type
    }

    var settings: InstrumentationSettings { context.effectiveSettings }

    var spanName: String { settings.format == .v2 ? "running tool" : "execute_tool \(name)" }

    func attributes() -> Attributes {
        var attributes: Attributes = ["gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": name]
        if let id { attributes["gen_ai.tool.call.id"] = .string(id) }
        if let description, settings.includeContent { attributes["gen_ai.tool.description"] = .string(description) }
        if let type { attributes["gen_ai.tool.type"] = .string(type) }
        if let arguments, settings.includeContent {
            attributes[settings.format == .v2 ? "tool_arguments" : "gen_ai.tool.call.arguments"] = arguments
        }
        context.append(to: &attributes)
        return attributes
    }

    func tool(_ span: HearthSpan) -> ToolCall {
        if settings.isPydantic { span.setMessage("running tool: \(name)") }
        return ToolCall(span: span, settings: settings)
    }

    func failed(_ span: HearthSpan, _ error: any Error) {
        if error is ToolDeferral, settings.format >= .v5 {
            if settings.isPydantic { span.setAttribute("pydantic_ai.tool.deferral.name", name) }
            return
        }
        GenAISpan.record(error, in: span, includeContent: settings.includeContent)
    }
}
