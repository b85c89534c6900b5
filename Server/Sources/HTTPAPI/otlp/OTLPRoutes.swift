import Accounts
import HTTPTypes
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
            return OTLPAnswer.failure(
                .unsupportedMediaType, "content type must be application/x-protobuf or application/json, not \(sent)", encoding: .json)
        }
        do {
            let grant = try authentication.authorize(request, for: .write)
            let compression = try Self.compression(request)
            let outcome = try await body.withBody(of: request) { bytes in
                try await pipeline.ingest(
                    unpack(bytes, compression), signal: signal, encoding: encoding, project: ProjectID(grant.project.id))
            }
            if outcome.repeated > 0 { context.logger.debug("repeated records dropped", metadata: ["count": "\(outcome.repeated)"]) }
            var response = OTLPAnswer.success(signal, rejections: outcome.rejections, encoding: encoding)
            if let warning = grant.warning { response.headers[.logfireWarning] = warning }
            return response
        } catch {
            return try OTLPAnswer.failure(for: error, encoding: encoding, limit: body.limit, logger: context.logger)
        }
    }

    private func unpack(_ bytes: [UInt8], _ compression: Compression) throws -> [UInt8] {
        switch compression {
        case .identity: bytes
        case .gzip: try Inflate.gunzip(bytes, limit: body.limit)
        case .deflate: try Inflate.deflate(bytes, limit: body.limit)
        }
    }

    private enum Compression { case identity, gzip, deflate }

    private static func compression(_ request: Request) throws(APIError) -> Compression {
        switch request.headers[.contentEncoding]?.lowercased() {
        case nil, "", "identity": return .identity
        case "gzip", "x-gzip": return .gzip
        case "deflate": return .deflate
        case let other?:
            throw APIError(.unsupportedMediaType, "content encoding \(other) is not supported; use gzip, deflate or identity")
        }
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
    static let logfireWarning = Self("X-Logfire-Warning")!
}
