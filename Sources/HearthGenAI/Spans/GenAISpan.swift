import Hearth

/// Where the application made a span.
struct CallSite {
    var fileID: String
    var function: String
    var line: Int
}

/// A span around a closure: how its errors are told is the caller's choice.
enum GenAISpan {
    /// A span of what is neither a model call nor a run: a tool, a search, a request of MCP. Texts of errors are content.
    static func operation<Result, Failure: Error>(
        _ name: String,
        _ attributes: () -> Attributes,
        kind: Hearth.SpanKind = .internal,
        in context: GenAIContext,
        at site: CallSite,
        failed: ((HearthSpan, any Error) -> Void)? = nil,
        _ operation: (HearthSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try run(name, attributes, kind: kind, at: site, failed: failed ?? recording(context)) { span throws(Failure) in
            try GenAIContext.changing({ $0.enterOperation() }) { () throws(Failure) in try operation(span) }
        }
    }

    nonisolated(nonsending) static func operation<Result, Failure: Error>(
        _ name: String,
        _ attributes: () -> Attributes,
        kind: Hearth.SpanKind = .internal,
        in context: GenAIContext,
        at site: CallSite,
        failed: ((HearthSpan, any Error) -> Void)? = nil,
        _ operation: nonisolated(nonsending) (HearthSpan) async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        try await run(name, attributes, kind: kind, at: site, failed: failed ?? recording(context)) { span async throws(Failure) in
            try await GenAIContext.changing({ $0.enterOperation() }) { () async throws(Failure) in try await operation(span) }
        }
    }

    private static func recording(_ context: GenAIContext) -> (HearthSpan, any Error) -> Void {
        { span, error in record(error, in: span, includeContent: context.effectiveSettings.includeContent) }
    }

    static func run<Result, Failure: Error>(
        _ name: String,
        _ attributes: () -> Attributes,
        kind: Hearth.SpanKind = .internal,
        at site: CallSite,
        failed: (HearthSpan, any Error) -> Void,
        _ operation: (HearthSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let outcome: Swift.Result<Result, Failure> = Hearth.span(
            name, attributes(), kind: kind, scope: .genAI, fileID: site.fileID, function: site.function, line: site.line
        ) { span in
            do throws(Failure) {
                return .success(try operation(span))
            } catch {
                failed(span, error)
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    nonisolated(nonsending) static func run<Result, Failure: Error>(
        _ name: String,
        _ attributes: () -> Attributes,
        kind: Hearth.SpanKind = .internal,
        at site: CallSite,
        failed: (HearthSpan, any Error) -> Void,
        _ operation: nonisolated(nonsending) (HearthSpan) async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        let outcome: Swift.Result<Result, Failure> = await Hearth.span(
            name, attributes(), kind: kind, scope: .genAI, fileID: site.fileID, function: site.function, line: site.line
        ) { span async in
            do throws(Failure) {
                return .success(try await operation(span))
            } catch {
                failed(span, error)
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    /// Makes the span an error of the error's type.
    ///
    /// - Parameters:
    ///   - error: what was thrown.
    ///   - span: the span that it leaves.
    ///   - type: `error.type`, where it is better known than by the type of the error.
    ///   - includeContent: whether the text of the error is recorded.
    static func record(_ error: any Error, in span: HearthSpan, type: String? = nil, includeContent: Bool) {
        guard span.isRecording else { return }
        let errorType = String(reflecting: Swift.type(of: error))
        span.setAttribute("error.type", type ?? errorType)
        if includeContent {
            span.recordError(error, isEscaping: true)
        } else {
            // The text of an error may repeat what was said.
            span.addEvent("exception", ["exception.type": errorType, "exception.escaped": "True"])
            span.setStatus(.error, errorType)
            span.setLevel(.error)
        }
    }
}
