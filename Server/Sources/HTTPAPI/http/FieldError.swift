import HTTPTypes
import Hummingbird

/// A refused field of a request body: 422 with the list of places that clients of the Logfire API read (`logfire-contract.md` §0.9).
struct FieldError: HTTPResponseError {
    let path: [String]
    let message: String

    init(_ path: [String], _ message: String) {
        self.path = path
        self.message = message
    }

    var status: HTTPResponse.Status { .unprocessableContent }

    private struct Detail: Encodable {
        var loc: [String]
        var msg: String
        var type = "value_error"
    }

    func response(from request: Request, context: some RequestContext) throws -> Response {
        Response.json(status: status, ["detail": [Detail(loc: ["body"] + path, msg: message)]])
    }
}
