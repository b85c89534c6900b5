import HTTPTypes
import Hummingbird
import NIOCore
import OTLPIngest
import TelemetryModel

/// Answers in OTLP's own forms: `Export…ServiceResponse` with partial success, or a `google.rpc.Status`, in the request's encoding.
enum OTLPAnswer {
    static func success(_ signal: OTLPSignal, rejections: Rejections, encoding: OTLPEncoding) -> Response {
        let bytes = ExportResponse.encode(rejections, signal: signal, encoding: encoding)
        return answer(.ok, bytes, encoding)
    }

    static func failure(_ failure: IngestFailure, encoding: OTLPEncoding) -> Response {
        let bytes = RPCStatus.encode(code: failure.rpcCode, message: failure.message, encoding: encoding)
        var response = answer(failure.status, bytes, encoding)
        for field in failure.headers { response.headers[field.name] = field.value }
        if let seconds = failure.retryAfter { response.headers[.retryAfter] = "\(seconds)" }
        return response
    }

    private static func answer(_ status: HTTPResponse.Status, _ bytes: [UInt8], _ encoding: OTLPEncoding) -> Response {
        Response(status: status, headers: [.contentType: encoding.contentType], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
