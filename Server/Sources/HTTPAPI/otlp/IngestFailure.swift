package import HTTPTypes
package import Logging
import OTLPIngest
import Storage

/// Why an export request was not stored, as every transport answers it: the one place where errors of the write path get their status.
package struct IngestFailure: Sendable {
    package let status: HTTPResponse.Status
    /// What went wrong and how to fix it; shown to the sender.
    package let message: String
    /// Seconds after which the sender should try again; nil when trying again does not help.
    package let retryAfter: Int?
    let headers: HTTPFields

    package init(_ status: HTTPResponse.Status, _ message: String, retryAfter: Int? = nil, headers: HTTPFields = [:]) {
        self.status = status
        self.message = message
        self.retryAfter = retryAfter
        self.headers = headers
    }

    /// - Parameters:
    ///   - limit: bytes that a request may have.
    /// - Throws: `error` itself when the request was cancelled.
    package init(_ error: any Error, limit: Int, logger: Logger) throws {
        switch error {
        case let error as APIError:
            self.init(
                error.status, error.detail, retryAfter: error.headers[.retryAfter].flatMap { Int($0) }, headers: error.headers)
        case let error as OTLPDecodeError:
            self.init(.badRequest, error.message)
        case let error as UnpackError where error.code == .tooLarge:
            self.init(.contentTooLarge, BodyReader.tooLarge(limit).detail)
        case let error as UnpackError:
            self.init(.badRequest, "the compressed body cannot be unpacked: \(error.message)")
        case let error as StorageError where error.code == .invalidBatch:
            self.init(.badRequest, error.message)
        case let error as StorageError:
            // Never 4xx: clients drop data on 4xx and keep it on 503 (logfire-contract §2.2).
            logger.warning("write refused", metadata: ["error": "\(error)"])
            self.init(.serviceUnavailable, "\(error)", retryAfter: 1)
        case is CancellationError: throw error
        default:
            logger.error("ingest failed", metadata: ["error": "\(error)"])
            self.init(.serviceUnavailable, "\(error)", retryAfter: 1)
        }
    }

    /// The gRPC code nearest to the status (google.rpc.Code).
    package var rpcCode: Int32 {
        switch status.code {
        case 400, 415: 3
        case 401: 16
        case 403: 7
        case 404: 5
        case 413, 429: 8
        case 503: 14
        default: 13
        }
    }
}
