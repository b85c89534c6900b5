import Accounts
import AsyncAlgorithms
import HTTPTypes
import Hummingbird
import Live
import NIOCore
import SQLQuery
import ServiceLifecycle
import Storage
import TelemetryModel

/// The live view: `GET /ui/live` (newest records) and `GET /ui/live/stream` (Server-Sent Events, resumable by commit sequence).
struct LiveRoutes: Sendable {
    let authentication: Authentication
    let queries: QueryEngine
    let store: TelemetryStore
    let audience: LiveAudience

    func add(to router: Router<HearthRequestContext>) {
        router.get("ui/live") { request, context in try await snapshot(request, context) }
        router.get("ui/live/stream") { request, context in try await stream(request, context) }
    }

    private func snapshot(_ request: Request, _ context: HearthRequestContext) async throws -> Response {
        let grant = try authentication.authorize(request, for: .read)
        let parameters = try QueryParameters.decode(request, context)
        let limit = try QueryParameters.integer(parameters.limit, name: "limit", default: 300, in: 1...2_000)
        let window = try parameters.window()
        do {
            let page = try await queries.liveSnapshot(
                limit: limit, minTimestamp: window.min, maxTimestamp: window.max, filter: QueryParameters.text(parameters.q),
                project: ProjectID(grant.project.id))
            return Response.json(buffer: ByteBuffer(bytes: page.body))
        } catch {
            throw ProblemError(error)
        }
    }

    private func stream(_ request: Request, _ context: HearthRequestContext) async throws -> Response {
        let grant = try authentication.authorize(request, for: .read)
        let parameters = try QueryParameters.decode(request, context)
        let filter = QueryParameters.text(parameters.q)
        if let filter {
            do { try await queries.validateFilter(filter, project: ProjectID(grant.project.id)) } catch { throw ProblemError(error) }
        }
        let resumed = request.headers[.lastEventID].flatMap { Int64($0) }
        let after = try resumed ?? Int64(QueryParameters.integer(parameters.after, name: "after", default: 0, in: 0...Int.max))
        let feed = LiveFeed(store: store, queries: queries, project: ProjectID(grant.project.id), after: after, filter: filter)
        // Sent at once, so that clients see the connection open before anything happens.
        let opening = [ByteBuffer(string: "retry: 1000\n\n")].async
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: ResponseBody(
                asyncSequence: chain(opening, feed.map { [seat = LiveAudience.Seat(audience)] in Self.encode($0, seat) })
                    .cancelOnGracefulShutdown()))
    }

    /// One event of the stream in the wire form of the HTML standard, "Server-sent events".
    ///
    /// - Parameter seat: held by the stream for as long as it goes on.
    private static func encode(_ event: LiveEvent, _ seat: LiveAudience.Seat) -> ByteBuffer {
        switch event {
        case .keepalive: return ByteBuffer(string: ": keepalive\n\n")
        case .batch(let batch):
            var buffer = ByteBuffer()
            buffer.reserveCapacity(batch.body.count + 64)
            buffer.writeString("id: \(batch.sequence)\nevent: batch\ndata: ")
            buffer.writeBytes(batch.body)
            buffer.writeString("\n\n")
            return buffer
        }
    }
}

extension HTTPField.Name {
    /// Where a browser's EventSource left off.
    static let lastEventID = Self("Last-Event-ID")!
}
