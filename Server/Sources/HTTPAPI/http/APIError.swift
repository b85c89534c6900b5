import FoundationEssentials
package import HTTPTypes
package import Hummingbird
import NIOCore

/// An error that is answered as `{"detail": …}` with its status (`logfire-contract.md` §0.9).
package struct APIError: HTTPResponseError {
    package var status: HTTPResponse.Status
    /// What went wrong and how to fix it; shown to the client.
    package var detail: String
    package var headers: HTTPFields = [:]

    package init(_ status: HTTPResponse.Status, _ detail: String, headers: HTTPFields = [:]) {
        self.status = status
        self.detail = detail
        self.headers = headers
    }

    package func response(from request: Request, context: some RequestContext) throws -> Response {
        var response = Response.json(status: status, ["detail": detail])
        for field in headers { response.headers.append(field) }
        return response
    }
}

extension Response {
    /// An answer with `value` as JSON; keys are snake case, as everywhere in the API.
    static func json(status: HTTPResponse.Status = .ok, _ value: some Encodable) -> Response {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else { return Response(status: .internalServerError) }
        return json(status: status, buffer: ByteBuffer(bytes: data))
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
