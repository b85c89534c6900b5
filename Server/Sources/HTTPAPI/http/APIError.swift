import HTTPTypes
import Hummingbird
import NIOCore

/// An error that is answered as `{"detail": …}` with its status (`logfire-contract.md` §0.9).
struct APIError: HTTPResponseError {
    var status: HTTPResponse.Status
    /// What went wrong and how to fix it; shown to the client.
    var detail: String
    var headers: HTTPFields = [:]

    init(_ status: HTTPResponse.Status, _ detail: String, headers: HTTPFields = [:]) {
        self.status = status
        self.detail = detail
        self.headers = headers
    }

    func response(from request: Request, context: some RequestContext) throws -> Response {
        var response = Response.json(status: status, "{\"detail\":\(JSONText.quoted(detail))}")
        for field in headers { response.headers.append(field) }
        return response
    }
}

extension Response {
    /// An answer of ready-made JSON text.
    static func json(status: HTTPResponse.Status = .ok, _ text: String) -> Response {
        json(status: status, buffer: ByteBuffer(string: text))
    }

    /// An answer of ready-made JSON bytes.
    static func json(status: HTTPResponse.Status = .ok, buffer: ByteBuffer, contentType: String = "application/json") -> Response {
        Response(
            status: status,
            headers: [.contentType: contentType, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: buffer)
        )
    }
}
