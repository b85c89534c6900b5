import Accounts
import HTTPTypes
import Hummingbird
import Logging

/// Answers unknown paths and unhandled errors as JSON instead of an empty body.
struct JSONErrors: RouterMiddleware {
    typealias Context = HearthRequestContext

    @concurrent func handle(
        _ request: Request,
        context: HearthRequestContext,
        next: @concurrent (Request, HearthRequestContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            throw APIError(.notFound, "no such path: \(request.method.rawValue) \(request.uri.path)")
        } catch let error as HTTPError where error.body != nil {
            throw APIError(error.status, error.body ?? error.status.reasonPhrase)
        } catch let error as any HTTPResponseError {
            throw error
        } catch let error as ControlStoreError {
            throw Self.response(error)
        } catch let error as PasswordError {
            throw Self.response(error)
        } catch is CancellationError {
            throw APIError(.serviceUnavailable, "the server is shutting down", headers: [.retryAfter: "1"])
        } catch {
            context.logger.error("request failed", metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
            throw APIError(.internalServerError, "internal error: \(error)")
        }
    }

    private static func response(_ error: ControlStoreError) -> any HTTPResponseError {
        switch error.code {
        case .invalid: FieldError([error.field ?? "body"], error.description)
        case .notFound, .unknownProject: APIError(.notFound, error.description)
        case .conflict: APIError(.conflict, error.description)
        default: APIError(.internalServerError, error.description)
        }
    }

    private static func response(_ error: PasswordError) -> any HTTPResponseError {
        switch error.code {
        case .tooShort, .tooLong: FieldError(["password"], error.description)
        default: APIError(.serviceUnavailable, error.description, headers: [.retryAfter: "3"])
        }
    }
}
