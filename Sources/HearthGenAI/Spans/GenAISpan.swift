import Hearth

/// Where the application made a span.
struct CallSite {
    var fileID: String
    var function: String
    var line: Int
}

/// A span around a closure: how its errors are told is the caller's choice.
enum GenAISpan {
    static func run<Result, Failure: Error>(
        _ name: String,
        _ attributes: () -> Attributes,
        role: SpanRole = .internal,
        at site: CallSite,
        failed: (HearthSpan, any Error) -> Void = { span, error in record(error, in: span) },
        _ operation: (HearthSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let outcome: Swift.Result<Result, Failure> = Hearth.span(
            name, attributes(), role: role, scope: .genAI, fileID: site.fileID, function: site.function, line: site.line
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
        role: SpanRole = .internal,
        at site: CallSite,
        failed: (HearthSpan, any Error) -> Void = { span, error in record(error, in: span) },
        _ operation: nonisolated(nonsending) (HearthSpan) async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        let outcome: Swift.Result<Result, Failure> = await Hearth.span(
            name, attributes(), role: role, scope: .genAI, fileID: site.fileID, function: site.function, line: site.line
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
    /// - Parameter type: `error.type`, where it is better known than by the type of the error.
    static func record(_ error: any Error, in span: HearthSpan, type: String? = nil, includeContent: Bool = true) {
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
