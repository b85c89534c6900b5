import HTTPTypes
import Hummingbird
import NIOCore
import SQLQuery

/// A failed query as `application/problem+json` (RFC 9457; `logfire-contract.md` §4.5), with the place in the SQL where it is known.
struct ProblemError: HTTPResponseError {
    let error: QueryError

    init(_ error: QueryError) { self.error = error }

    var status: HTTPResponse.Status { HTTPResponse.Status(code: error.httpStatus) }

    func response(from request: Request, context: some RequestContext) throws -> Response {
        let detail = JSONText.quoted(error.message)
        var fields = [
            "\"type\":\"about:blank\"",
            "\"title\":\(JSONText.quoted(status.reasonPhrase))",
            "\"status\":\(status.code)",
            "\"detail\":\(detail)",
            "\"code\":\(JSONText.quoted("\(error.code)"))",
            "\"retryable\":\(error.isRetryable)",
            "\"error_details\":{\"detail\":\(detail)}",
        ]
        if let position = error.position { fields.append("\"position\":\(position)") }
        if let seconds = error.retryAfterSeconds { fields.append("\"retry_after\":\(seconds)") }
        var response = Response.json(
            status: status, buffer: ByteBuffer(string: "{" + fields.joined(separator: ",") + "}"), contentType: "application/problem+json")
        if let seconds = error.retryAfterSeconds { response.headers[.retryAfter] = "\(seconds)" }
        return response
    }
}
