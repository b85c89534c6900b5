import Accounts
import HTTPAPI
import HTTPTypes
import Hummingbird
import Ingest
import Logging
import OTLPIngest
import TelemetryModel

/// `Export` of one OTLP service: authenticate → read the message → unpack → ``IngestPipeline`` → answer after the commit.
struct ExportService: Sendable {
    let signal: OTLPSignal
    let authentication: Authentication
    let pipeline: IngestPipeline
    let body: BodyReader

    func export(_ request: Request, context: HearthRequestContext) async throws -> Response {
        guard GRPCErrors.isGRPC(request) else {
            throw APIError(
                .unsupportedMediaType, "this port takes OTLP over gRPC, content type application/grpc; OTLP over HTTP has a port of its own"
            )
        }
        do {
            let grant = try authentication.authorize(request.headers[.authorization], for: .write)
            let sent = request.headers[.grpcEncoding]
            guard let coding = ContentCoding(sent) else {
                throw GRPCFailure(.unimplemented, "grpc-encoding \(sent ?? "") is not supported; use one of \(ContentCoding.names)")
            }
            let outcome = try await GRPCMessage.withContent(of: request, coding: coding, body: body) { bytes in
                try await pipeline.ingest(bytes, signal: signal, encoding: .protobuf, project: ProjectID(grant.project.id))
            }
            let answer = ExportResponse.encode(outcome.rejections, signal: signal, encoding: .protobuf)
            return GRPCAnswer.success(answer, warning: grant.warning ?? outcome.warning)
        } catch let failure as GRPCFailure {
            return GRPCAnswer.failure(failure)
        } catch let error as AccessError {
            return GRPCAnswer.failure(GRPCFailure(error.code == .forbidden ? .permissionDenied : .unauthenticated, error.description))
        } catch let error as UnpackError where error.code == .tooLarge {
            return GRPCAnswer.failure(.tooLarge(body.limit))
        } catch {
            return GRPCAnswer.failure(GRPCFailure(try IngestFailure(error, limit: body.limit, logger: context.logger)))
        }
    }
}

/// Gives errors outside of the services gRPC's form, for callers that speak gRPC; others get a sentence as JSON.
struct GRPCErrors: RouterMiddleware {
    typealias Context = HearthRequestContext

    static func isGRPC(_ request: Request) -> Bool {
        request.headers[.contentType]?.lowercased().hasPrefix("application/grpc") == true
    }

    @concurrent func handle(
        _ request: Request,
        context: HearthRequestContext,
        next: @concurrent (Request, HearthRequestContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            guard Self.isGRPC(request) else {
                throw APIError(
                    .notFound, "this port takes OTLP over gRPC only; the web UI, the API and OTLP over HTTP have a port of their own")
            }
            return GRPCAnswer.failure(GRPCFailure(.unimplemented, "no such method: \(request.uri.path)"))
        } catch  where Self.isGRPC(request) && !(error is CancellationError) {
            return GRPCAnswer.failure(GRPCFailure(try IngestFailure(error, limit: 0, logger: context.logger)))
        }
    }
}
