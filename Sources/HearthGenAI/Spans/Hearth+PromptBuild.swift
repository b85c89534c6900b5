public import Hearth

extension Hearth {
    /// Records the building of a prompt, so that its time is not taken for the model's: an INTERNAL span `prompt.build` beside the call.
    ///
    /// - Parameters:
    ///   - name: `gen_ai.prompt.name`.
    ///   - version: `gen_ai.prompt.version`.
    ///   - fileID: `code.filepath`, filled in by the compiler.
    ///   - function: `code.function`, filled in by the compiler.
    ///   - line: `code.lineno`, filled in by the compiler.
    ///   - operation: runs once, inside of the span.
    public static func withPromptBuild<Result, Failure: Error>(
        name: String? = nil,
        version: String? = nil,
        fileID: String = #fileID,
        function: String = #function,
        line: Int = #line,
        _ operation: (HearthSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let context = GenAIContext.current
        let site = CallSite(fileID: fileID, function: function, line: line)
        return try GenAISpan.operation("prompt.build", { promptAttributes(name, version, context) }, in: context, at: site, operation)
    }

    /// Records the building of a prompt around an asynchronous closure.
    nonisolated(nonsending) public static func withPromptBuild<Result, Failure: Error>(
        name: String? = nil,
        version: String? = nil,
        fileID: String = #fileID,
        function: String = #function,
        line: Int = #line,
        _ operation: nonisolated(nonsending) (HearthSpan) async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        let context = GenAIContext.current
        let site = CallSite(fileID: fileID, function: function, line: line)
        return try await GenAISpan.operation(
            "prompt.build", { promptAttributes(name, version, context) }, in: context, at: site, operation)
    }

    private static func promptAttributes(_ name: String?, _ version: String?, _ context: GenAIContext) -> Attributes {
        var attributes: Attributes = [:]
        if let name { attributes["gen_ai.prompt.name"] = .string(name) }
        if let version { attributes["gen_ai.prompt.version"] = .string(version) }
        context.append(to: &attributes)
        return attributes
    }
}
