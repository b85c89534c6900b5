public import Hearth

/// A request of the Model Context Protocol.
public struct MCPRequest: Sendable, Hashable {
    /// `tools/call`, `prompts/get`, `resources/read`, …
    public var method: String
    /// The tool that is called.
    public var toolName: String?
    /// The prompt that is asked for.
    public var promptName: String?
    /// `mcp.resource.uri`: the resource that is read.
    public var resourceURI: String?
    /// `mcp.session.id`.
    public var sessionID: String?
    /// `mcp.protocol.version`, such as `2025-06-18`.
    public var protocolVersion: String?
    /// The JSON-RPC id.
    public var requestID: String?
    /// `pipe`, `tcp` or `quic`.
    public var transport: String?
    /// Arguments of a tool; recorded only with content.
    public var arguments: AttributeValue?

    /// A request; only its method is needed.
    public init(
        method: String,
        toolName: String? = nil,
        promptName: String? = nil,
        resourceURI: String? = nil,
        sessionID: String? = nil,
        protocolVersion: String? = nil,
        requestID: String? = nil,
        transport: String? = nil,
        arguments: AttributeValue? = nil
    ) {
        self.method = method
        self.toolName = toolName
        self.promptName = promptName
        self.resourceURI = resourceURI
        self.sessionID = sessionID
        self.protocolVersion = protocolVersion
        self.requestID = requestID
        self.transport = transport
        self.arguments = arguments
    }

    var spanName: String { (toolName ?? promptName).map { "\(method) \($0)" } ?? method }

    func attributes(_ context: GenAIContext) -> Attributes {
        var attributes: Attributes = ["mcp.method.name": method]
        func set(_ key: String, _ value: String?) { if let value { attributes[key] = .string(value) } }
        if method == "tools/call" { set("gen_ai.operation.name", "execute_tool") }
        set("gen_ai.tool.name", toolName)
        set("gen_ai.prompt.name", promptName)
        set("mcp.resource.uri", resourceURI)
        set("mcp.session.id", sessionID)
        set("mcp.protocol.version", protocolVersion)
        set("jsonrpc.request.id", requestID)
        set("network.transport", transport)
        if let arguments, context.effectiveSettings.includeContent { attributes["gen_ai.tool.call.arguments"] = arguments }
        context.append(to: &attributes)
        return attributes
    }
}

/// A request of the Model Context Protocol while it lasts.
public struct MCPCall: Sendable {
    /// The span of the request.
    public let span: HearthSpan
    let isServer: Bool
    let settings: InstrumentationSettings

    /// Tells what a tool answered; `isError` where the tool itself says that it failed.
    public func setResult(_ result: some AttributeConvertible, isError: Bool = false) {
        if settings.includeContent { span.setAttribute("gen_ai.tool.call.result", result.attributeValue) }
        guard isError else { return }
        span.setAttribute("error.type", "tool_error")
        span.setStatus(.error, "tool_error")
    }

    /// Tells that the answer is an error of JSON-RPC; its message is recorded only with content.
    public func setError(code: Int, message: String = "") {
        span.setAttribute("rpc.response.status_code", String(code))
        // What a client did wrong is no fault of the server.
        if isServer, [-32700, -32600, -32601, -32602, -32002].contains(code) { return }
        span.setAttribute("error.type", String(code))
        span.setStatus(.error, settings.includeContent ? message : "")
    }
}

extension Hearth {
    /// Records a request to a server of the Model Context Protocol: a CLIENT span `tools/call forecast`.
    ///
    /// Send `Hearth.propagationHeaders()` in `params._meta` to continue the trace there.
    nonisolated(nonsending) public static func withMCPClientRequest<Result, Failure: Error>(
        _ request: MCPRequest,
        fileID: String = #fileID,
        function: String = #function,
        line: Int = #line,
        _ operation: nonisolated(nonsending) (MCPCall) async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        let context = GenAIContext.current
        let site = CallSite(fileID: fileID, function: function, line: line)
        return try await GenAISpan.operation(request.spanName, { request.attributes(context) }, kind: .client, in: context, at: site) {
            span async throws(Failure) in try await operation(MCPCall(span: span, isServer: false, settings: context.effectiveSettings))
        }
    }

    /// Records the handling of a request of the Model Context Protocol: a SERVER span `tools/call forecast`.
    ///
    /// - Parameters:
    ///   - request: what is asked for.
    ///   - meta: looks up a member of `params._meta`, which may continue the client's trace.
    ///   - fileID: `code.filepath`, filled in by the compiler.
    ///   - function: `code.function`, filled in by the compiler.
    ///   - line: `code.lineno`, filled in by the compiler.
    ///   - operation: runs once, inside of the span.
    nonisolated(nonsending) public static func withMCPServerRequest<Result, Failure: Error>(
        _ request: MCPRequest,
        meta: (String) -> String? = { _ in nil },
        fileID: String = #fileID,
        function: String = #function,
        line: Int = #line,
        _ operation: nonisolated(nonsending) (MCPCall) async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        let context = GenAIContext.current
        let site = CallSite(fileID: fileID, function: function, line: line)
        return try await remoteContext(meta).attach { () async throws(Failure) in
            try await GenAISpan.operation(request.spanName, { request.attributes(context) }, kind: .server, in: context, at: site) {
                span async throws(Failure) in try await operation(MCPCall(span: span, isServer: true, settings: context.effectiveSettings))
            }
        }
    }
}
