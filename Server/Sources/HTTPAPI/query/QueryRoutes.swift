import Accounts
import HTTPTypes
import Hummingbird
import NIOCore
import SQLQuery
import TelemetryModel

/// `POST /v2/query` and the older `GET /v1/query` (`logfire-contract.md` §4.5): SQL in, rows out.
struct QueryRoutes: Sendable {
    let authentication: Authentication
    let queries: QueryEngine
    let body: BodyReader

    func add(to router: Router<HearthRequestContext>) {
        router.post("v2/query") { request, _ in try await version2(request) }
        router.get("v1/query") { request, context in try await version1(request, context) }
    }

    private func version2(_ request: Request) async throws -> Response {
        let grant = try authentication.authorize(request, for: .read)
        let format = try ResultNegotiation.format(accept: request.headers[.accept], json: .rows)
        let query = try await body.withBody(of: request) { try QueryBody.decode($0) }
        guard query.minTimestamp != nil else { throw APIError(.unprocessableContent, "the field min_timestamp is missing") }
        let window = try QueryParameters.window(min: query.minTimestamp, max: query.maxTimestamp)
        var asked = QueryRequest(sql: query.sql, project: ProjectID(grant.project.id))
        asked.minTimestamp = window.min
        asked.maxTimestamp = window.max
        asked.limit = query.limit ?? QueryRequest.defaultLimit
        asked.timezone = query.timezone
        asked.deploymentEnvironment = query.deploymentEnvironment
        asked.explain = query.explain ?? false
        return try await run(asked, format)
    }

    private func version1(_ request: Request, _ context: HearthRequestContext) async throws -> Response {
        let grant = try authentication.authorize(request, for: .read)
        let parameters = try QueryParameters.decode(request, context)
        let json: ResultFormat = parameters.jsonRows == "true" ? .rowsV1 : .columns
        let format = try ResultNegotiation.format(accept: request.headers[.accept], json: json)
        guard let sql = QueryParameters.text(parameters.sql) else { throw APIError(.unprocessableContent, "the parameter sql is missing") }
        let window = try parameters.window()
        var asked = QueryRequest(sql: sql, project: ProjectID(grant.project.id))
        asked.minTimestamp = window.min
        asked.maxTimestamp = window.max
        if let limit = parameters.limit {
            guard let number = Int(limit) else { throw APIError(.unprocessableContent, "limit must be an integer, not \(limit)") }
            asked.limit = number
        }
        return try await run(asked, format)
    }

    private func run(_ query: QueryRequest, _ format: ResultFormat) async throws -> Response {
        do {
            switch try await queries.answer(query, format: format) {
            case .whole(let output):
                var response = Response.json(buffer: ByteBuffer(bytes: output.body), contentType: format.mediaType)
                response.headers[.elapsedMilliseconds] = "\(output.elapsed.milliseconds)"
                return response
            case .stored(let stream, let byteCount, let elapsed):
                var response = Self.response(stream, format, byteCount: byteCount)
                response.headers[.elapsedMilliseconds] = "\(elapsed.milliseconds)"
                return response
            case .stream(let stream): return Self.response(stream, format)
            }
        } catch {
            throw ProblemError(error)
        }
    }

    /// A body that is read from the query as fast as the client takes it. When the query fails on the way, the connection is closed, so that
    /// nobody takes a part for the whole.
    private static func response(_ stream: QueryStream, _ format: ResultFormat, byteCount: Int? = nil) -> Response {
        let body = ResponseBody(contentLength: byteCount) { writer in
            defer { stream.cancel() }
            while let bytes = try await stream.next() { try await writer.write(ByteBuffer(bytes: bytes)) }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: format.mediaType, .cacheControl: "no-store"], body: body)
    }
}

extension HTTPField.Name {
    /// Milliseconds from the query's arrival to its last row.
    static let elapsedMilliseconds = Self("X-Hearth-Elapsed-Ms")!
}

extension Duration {
    /// Whole milliseconds, rounded down.
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000 + attoseconds / 1_000_000_000_000_000
    }
}
