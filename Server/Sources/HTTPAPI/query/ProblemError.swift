import HTTPTypes
import Hummingbird
import NIOCore
import SQLQuery

/// A failed query as `application/problem+json` (RFC 9457; `logfire-contract.md` §4.5), with the place in the SQL where it is known.
struct ProblemError: HTTPResponseError {
    let error: QueryError

    init(_ error: QueryError) { self.error = error }

    var status: HTTPResponse.Status { HTTPResponse.Status(code: error.status) }

    func response(from request: Request, context: some RequestContext) throws -> Response {
        var response = Response.json(
            status: status, buffer: ByteBuffer(bytes: error.problemJSON()), contentType: "application/problem+json")
        if let seconds = error.retryAfter { response.headers[.retryAfter] = "\(seconds)" }
        return response
    }
}
