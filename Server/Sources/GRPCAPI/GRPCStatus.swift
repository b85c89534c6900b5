import Foundation
import HTTPAPI
import HTTPTypes
import Hummingbird
import NIOCore
import OTLPIngest

/// The gRPC status codes that are answered here, with their numbers on the wire.
enum GRPCCode: Int32 {
    case ok = 0
    case invalidArgument = 3
    case permissionDenied = 7
    case resourceExhausted = 8
    case unimplemented = 12
    case internalError = 13
    case unavailable = 14
    case unauthenticated = 16
}

/// Why a call was refused.
struct GRPCFailure: Error {
    var code: Int32
    /// What went wrong and how to fix it; shown to the sender.
    var message: String
    /// Seconds after which the sender should try again; nil when that does not help.
    var retryAfter: Int?

    init(_ code: GRPCCode, _ message: String, retryAfter: Int? = nil) {
        self.code = code.rawValue
        self.message = message
        self.retryAfter = retryAfter
    }

    init(_ failure: IngestFailure) {
        code = failure.rpcCode
        message = failure.message
        retryAfter = failure.retryAfter
    }

    static let overloaded = GRPCFailure(.unavailable, "too many requests are in flight; try again shortly", retryAfter: 1)

    static func tooLarge(_ limit: Int) -> GRPCFailure {
        GRPCFailure(.resourceExhausted, "the message is larger than \(limit) bytes; send smaller batches or raise --max-body-bytes")
    }
}

/// Answers of the gRPC protocol: HTTP 200, at most one message, and the status in the trailers.
enum GRPCAnswer {
    static func success(_ message: [UInt8], warning: String?) -> Response {
        var headers = base
        if let warning { headers[.logfireWarning] = warning }
        return Response(status: .ok, headers: headers, body: body(GRPCMessage.frame(message), trailers: [.grpcStatus: "0"]))
    }

    static func failure(_ failure: GRPCFailure) -> Response {
        var trailers: HTTPFields = [.grpcStatus: "\(failure.code)", .grpcMessage: escaped(failure.message)]
        if let seconds = failure.retryAfter {
            let status = RPCStatus.encode(code: failure.code, message: failure.message, retryAfter: seconds, encoding: .protobuf)
            // Binary metadata is base64; padding may be left out ("gRPC over HTTP2", Custom-Metadata).
            trailers[.grpcStatusDetails] = Data(status).base64EncodedString().replacing("=", with: "")
            trailers[.grpcRetryPushback] = "\(seconds * 1_000)"
        }
        return Response(status: .ok, headers: base, body: body(nil, trailers: trailers))
    }

    private static var base: HTTPFields { [.contentType: "application/grpc", .grpcAcceptEncoding: "identity,gzip,deflate,zstd"] }

    private static func body(_ message: ByteBuffer?, trailers: HTTPFields) -> ResponseBody {
        ResponseBody { writer in
            if let message { try await writer.write(message) }
            try await writer.finish(trailers)
        }
    }

    /// Percent-encodes what may not stand in a `grpc-message`: everything outside of printable ASCII, and the percent sign.
    static func escaped(_ message: String) -> String {
        var text = ""
        for byte in message.utf8 {
            if byte >= 0x20, byte < 0x7f, byte != 0x25 {
                text.unicodeScalars.append(UnicodeScalar(byte))
            } else {
                text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return text
    }
}

extension HTTPField.Name {
    static let grpcStatus = Self("grpc-status")!
    static let grpcMessage = Self("grpc-message")!
    static let grpcEncoding = Self("grpc-encoding")!
    static let grpcAcceptEncoding = Self("grpc-accept-encoding")!
    static let grpcStatusDetails = Self("grpc-status-details-bin")!
    static let grpcRetryPushback = Self("grpc-retry-pushback-ms")!
}
