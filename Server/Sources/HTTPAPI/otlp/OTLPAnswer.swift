import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import OTLPIngest
import Storage
import TelemetryModel

/// Answers in OTLP's own forms: `Export…ServiceResponse` with partial success, or a `google.rpc.Status`, in the request's encoding.
enum OTLPAnswer {
    static func success(_ signal: OTLPSignal, rejections: Rejections, encoding: OTLPEncoding) -> Response {
        let bytes = ExportResponse.encode(rejections, signal: signal, encoding: encoding)
        return answer(.ok, bytes, encoding)
    }

    static func failure(_ status: HTTPResponse.Status, _ message: String, encoding: OTLPEncoding) -> Response {
        answer(status, RPCStatus.encode(code: rpcCode(status), message: message, encoding: encoding), encoding)
    }

    /// Maps each error of the write path to its HTTP status, in this one place.
    ///
    /// - Throws: `error` itself when the request was cancelled.
    static func failure(for error: any Error, encoding: OTLPEncoding, limit: Int, logger: Logger) throws -> Response {
        switch error {
        case let error as APIError:
            var response = failure(error.status, error.detail, encoding: encoding)
            for field in error.headers { response.headers.append(field) }
            return response
        case let error as OTLPDecodeError:
            return failure(.badRequest, error.message, encoding: encoding)
        case let error as InflateError where error.code == .tooLarge:
            return failure(.contentTooLarge, BodyReader.tooLarge(limit).detail, encoding: encoding)
        case let error as InflateError:
            return failure(.badRequest, "the compressed body cannot be unpacked: \(error.message)", encoding: encoding)
        case let error as StorageError where error.code == .invalidBatch:
            return failure(.badRequest, error.message, encoding: encoding)
        case let error as StorageError:
            // Never 4xx: clients drop data on 4xx and keep it on 503 (logfire-contract §2.2).
            logger.warning("write refused", metadata: ["error": "\(error)"])
            return comeBack("\(error)", encoding)
        case is CancellationError: throw error
        default:
            logger.error("ingest failed", metadata: ["error": "\(error)"])
            return comeBack("\(error)", encoding)
        }
    }

    private static func comeBack(_ message: String, _ encoding: OTLPEncoding) -> Response {
        var response = failure(.serviceUnavailable, message, encoding: encoding)
        response.headers[.retryAfter] = "1"
        return response
    }

    private static func answer(_ status: HTTPResponse.Status, _ bytes: [UInt8], _ encoding: OTLPEncoding) -> Response {
        Response(status: status, headers: [.contentType: encoding.contentType], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// The gRPC code nearest to an HTTP status (google.rpc.Code).
    private static func rpcCode(_ status: HTTPResponse.Status) -> Int32 {
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
