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
    let running = RunningQueries()

    func add(to router: Router<HearthRequestContext>) {
        router.post("v2/query") { request, _ in try await version2(request) }
        router.delete("v2/query/:id") { request, context in
            let grant = try authentication.authorize(request, for: .read)
            let id = try context.parameters.require("id")
            guard running.cancel(RunningQueries.Key(project: ProjectID(grant.project.id), id: id)) else {
                throw APIError(.notFound, "no query of this project is running under the id \(id); it may have ended")
            }
            return Response(status: .noContent)
        }
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
        return try await run(asked, format, id: try Self.id(request))
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

    /// The name that the client gave its query, to cancel it by.
    private static func id(_ request: Request) throws(APIError) -> String? {
        guard let id = request.headers[.queryID] else { return nil }
        let isName = id.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0) || $0 == 0x2d
        }
        guard (1...64).contains(id.utf8.count), isName else {
            throw APIError(.unprocessableContent, "X-Hearth-Query-Id must be 1 to 64 letters, digits and hyphens, not \(id)")
        }
        return id
    }

    private func run(_ query: QueryRequest, _ format: ResultFormat, id: String? = nil) async throws -> Response {
        do {
            let answer: QueryAnswer
            if let id {
                let queries = queries
                answer = try await running.run(RunningQueries.Key(project: query.project, id: id)) { () throws(QueryError) in
                    try await queries.answer(query, format: format)
                }
            } else {
                answer = try await queries.answer(query, format: format)
            }
            switch answer {
            case .whole(let output):
                var response = Response.json(buffer: ByteBuffer(bytes: output.body), contentType: format.mediaType)
                Self.note(output.figures, &response)
                return response
            case .stored(let stream, let byteCount, let figures):
                var response = Self.response(stream, format, byteCount: byteCount)
                Self.note(figures, &response)
                return response
            case .stream(let stream): return Self.response(stream, format)
            }
        } catch {
            throw ProblemError(error)
        }
    }

    private static func note(_ figures: QueryFigures, _ response: inout Response) {
        response.headers[.elapsedMilliseconds] = "\(figures.elapsed.milliseconds)"
        response.headers[.scannedRecords] = "\(figures.scannedRecords)"
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
    /// Records of the files that a query read.
    static let scannedRecords = Self("X-Hearth-Scanned-Records")!
    /// A name that the client gives its query.
    static let queryID = Self("X-Hearth-Query-Id")!
}

extension Duration {
    /// Whole milliseconds, rounded down.
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000 + attoseconds / 1_000_000_000_000_000
    }
}
