public import Hearth

extension Hearth {
    /// Records a request to a model: a CLIENT span `chat gpt-4o` with messages, parameters, usage and cost.
    ///
    /// ```swift
    /// let request = ModelRequest(provider: "openai", model: "gpt-4o", messages: [.user(question)])
    /// let answer = try await Hearth.withModelRequest(request) { call in
    ///     let answer = try await client.complete(question)
    ///     call.setResponse(ModelResponse(id: answer.id, messages: [.assistant(answer.text)], usage: answer.usage))
    ///     return answer
    /// }
    /// ```
    /// - Parameters:
    ///   - request: what is asked for; nil when an instrumented HTTP client is to find it out.
    ///   - fileID: `code.filepath`, filled in by the compiler.
    ///   - function: `code.function`, filled in by the compiler.
    ///   - line: `code.lineno`, filled in by the compiler.
    ///   - operation: runs once, inside of the span.
    public static func withModelRequest<Result, Failure: Error>(
        _ request: ModelRequest? = nil,
        fileID: String = #fileID,
        function: String = #function,
        line: Int = #line,
        _ operation: (ModelCall) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let context = GenAIContext.current
        let site = CallSite(fileID: fileID, function: function, line: line)
        return try GenAISpan.run(
            name(of: request), { attributes(of: request, context) }, kind: .client, at: site, failed: { _, _ in }
        ) { span throws(Failure) in
            let call = ModelCall(span, request, context)
            defer { call.finish() }
            do throws(Failure) {
                return try GenAIContext.changing({ $0.call = call }) { () throws(Failure) in try operation(call) }
            } catch {
                call.fail(error)
                throw error
            }
        }
    }

    /// Records a request to a model around an asynchronous closure; see the synchronous form.
    nonisolated(nonsending) public static func withModelRequest<Result, Failure: Error>(
        _ request: ModelRequest? = nil,
        fileID: String = #fileID,
        function: String = #function,
        line: Int = #line,
        _ operation: nonisolated(nonsending) (ModelCall) async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        let context = GenAIContext.current
        let site = CallSite(fileID: fileID, function: function, line: line)
        return try await GenAISpan.run(
            name(of: request), { attributes(of: request, context) }, kind: .client, at: site, failed: { _, _ in }
        ) { span async throws(Failure) in
            let call = ModelCall(span, request, context)
            defer { call.finish() }
            do throws(Failure) {
                return try await GenAIContext.changing({ $0.call = call }) { () async throws(Failure) in try await operation(call) }
            } catch {
                call.fail(error)
                throw error
            }
        }
    }

    /// Begins to record a request to a model that is ended by hand with ``ModelCall/end()``: for streams and delegates.
    public static func startModelRequest(
        _ request: ModelRequest?,
        fileID: String = #fileID,
        function: String = #function,
        line: Int = #line
    ) -> ModelCall {
        let context = GenAIContext.current
        let span = Hearth.startSpan(
            name(of: request), attributes(of: request, context), kind: .client, scope: .genAI, fileID: fileID, function: function,
            line: line)
        return ModelCall(span, request, context)
    }

    /// The innermost model call around the present place.
    public static var currentModelCall: ModelCall? { GenAIContext.current.call }

    private static func name(of request: ModelRequest?) -> String { request?.spanName ?? "chat" }

    private static func attributes(of request: ModelRequest?, _ context: GenAIContext) -> Attributes {
        if let request { return RequestAttributes.make(request, context) }
        var attributes: Attributes = ["gen_ai.operation.name": "chat"]
        context.append(to: &attributes)
        return attributes
    }

    // MARK: Embeddings

    /// Records a request for embeddings: a CLIENT span `embeddings text-embedding-3-small`.
    ///
    /// - Parameters:
    ///   - provider: `gen_ai.provider.name`.
    ///   - model: `gen_ai.request.model`.
    ///   - inputs: the texts; recorded only with content.
    ///   - fileID: `code.filepath`, filled in by the compiler.
    ///   - function: `code.function`, filled in by the compiler.
    ///   - line: `code.lineno`, filled in by the compiler.
    ///   - operation: runs once, inside of the span.
    public static func withEmbeddings<Result, Failure: Error>(
        provider: String,
        model: String,
        inputs: [String] = [],
        fileID: String = #fileID,
        function: String = #function,
        line: Int = #line,
        _ operation: (ModelCall) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withModelRequest(.embeddings(provider, model, inputs), fileID: fileID, function: function, line: line, operation)
    }

    /// Records a request for embeddings around an asynchronous closure.
    nonisolated(nonsending) public static func withEmbeddings<Result, Failure: Error>(
        provider: String,
        model: String,
        inputs: [String] = [],
        fileID: String = #fileID,
        function: String = #function,
        line: Int = #line,
        _ operation: nonisolated(nonsending) (ModelCall) async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        try await withModelRequest(.embeddings(provider, model, inputs), fileID: fileID, function: function, line: line, operation)
    }
}

extension ModelRequest {
    static func embeddings(_ provider: String, _ model: String, _ inputs: [String]) -> ModelRequest {
        ModelRequest(
            provider: provider, model: model, operation: .embeddings, messages: inputs.map(ModelMessage.user),
            attributes: inputs.isEmpty ? [:] : ["inputs_count": inputs.count])
    }
}
