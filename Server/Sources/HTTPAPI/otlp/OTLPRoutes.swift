import Accounts
package import HTTPTypes
import Hummingbird
import Ingest
import Logging
import NIOCore
import OTLPIngest
import TelemetryModel

/// OTLP/HTTP: `POST /v1/traces`, `/v1/logs`, `/v1/metrics` (OTLP specification, "OTLP/HTTP").
///
/// authenticate → read body → unpack → ``IngestPipeline`` → answer after the commit.
struct OTLPRoutes: Sendable {
    let authentication: Authentication
    let pipeline: IngestPipeline
    let body: BodyReader

    func add(to router: Router<HearthRequestContext>) {
        let signals: [(path: RouterPath, signal: OTLPSignal)] = [("v1/traces", .traces), ("v1/logs", .logs), ("v1/metrics", .metrics)]
        for (path, signal) in signals {
            router.post(path) { request, context in
                try await receive(request, signal: signal, context: context)
            }
        }
    }

    private func receive(_ request: Request, signal: OTLPSignal, context: HearthRequestContext) async throws -> Response {
        guard let encoding = OTLPEncoding(contentType: request.headers[.contentType]) else {
            let sent = request.headers[.contentType] ?? "none"
            let failure = IngestFailure(
                .unsupportedMediaType, "content type must be application/x-protobuf or application/json, not \(sent)")
            return OTLPAnswer.failure(failure, encoding: .json)
        }
        do {
            let grant = try authentication.authorize(request, for: .write)
            let coding = try Self.coding(request)
            let outcome = try await body.withBody(of: request, coding: coding) { bytes in
                try await pipeline.ingest(bytes, signal: signal, encoding: encoding, project: ProjectID(grant.project.id))
            }
            if outcome.repeated > 0 { context.logger.debug("repeated records dropped", metadata: ["count": "\(outcome.repeated)"]) }
            var response = OTLPAnswer.success(signal, rejections: outcome.rejections, encoding: encoding)
            if let warning = grant.warning ?? outcome.warning { response.headers[.logfireWarning] = warning }
            return response
        } catch {
            return OTLPAnswer.failure(try IngestFailure(error, limit: body.limit, logger: context.logger), encoding: encoding)
        }
    }

    private static func coding(_ request: Request) throws(APIError) -> ContentCoding {
        let sent = request.headers[.contentEncoding]
        guard let coding = ContentCoding(sent) else {
            throw APIError(
                .unsupportedMediaType, "content encoding \(sent ?? "") is not supported; use one of \(ContentCoding.names)",
                headers: [.acceptEncoding: "gzip, zstd, deflate"])
        }
        return coding
    }
}

extension OTLPEncoding {
    /// The encoding a `Content-Type` names, nil for any other.
    init?(contentType: String?) {
        let type = contentType?.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
        switch type {
        case "application/x-protobuf", "application/protobuf": self = .protobuf
        case "application/json": self = .json
        default: return nil
        }
    }

    var contentType: String {
        switch self {
        case .protobuf: "application/x-protobuf"
        case .json: "application/json"
        }
    }
}

extension HTTPField.Name {
    /// Text that the Logfire SDK prints as a warning (`logfire-contract.md` §1.3).
    package static let logfireWarning = Self("X-Logfire-Warning")!
}
