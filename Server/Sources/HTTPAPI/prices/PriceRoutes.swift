import Accounts
import GenAIPrices
import HTTPTypes
import Hummingbird
import NIOCore
import Prices
import Storage
import TelemetryModel

/// `/api/v1/prices/…`: the prices in use, versions of the price data, a project's overrides, pricing single calls and stored ones.
struct PriceRoutes: Sendable {
    let authentication: Authentication
    let prices: PriceAdministration
    let store: TelemetryStore

    /// Bytes of a data file.
    static let dataLimit = 32 << 20

    func add(to router: Router<HearthRequestContext>) {
        let group = router.group("api/v1/prices")
        group.get("models") { request, context in try models(request, context) }
        group.get("models/show") { request, context in try await show(request, context) }
        group.post("calculate") { request, _ in try await calculate(request) }
        group.get("versions") { request, _ in
            _ = try authentication.authorize(request, for: .read)
            return Response.json(["versions": try await answered { try await prices.versions() }.map(VersionAnswer.init)])
        }
        group.post("versions") { request, context in try await install(request, context) }
        group.post("versions/:version/activate") { request, context in
            _ = try authentication.authorize(request, for: .administer)
            let name = try context.parameters.require("version")
            return Response.json(VersionAnswer(try await answered { try await prices.activate(name) }))
        }
        group.get("overrides") { request, _ in
            let grant = try authentication.authorize(request, for: .read)
            let overrides = try await answered { try await prices.overrides(project: grant.project.id) }
            return Response.json(["overrides": overrides.map(OverrideAnswer.init)])
        }
        group.post("overrides") { request, _ in
            let grant = try authentication.authorize(request, for: .manage)
            let body = try await JSONBody.decode(OverrideBody.self, request)
            let added = try await answered { try await prices.add(body.override(), project: grant.project.id) }
            return Response.json(status: .created, OverrideAnswer(added))
        }
        group.delete("overrides/:override") { request, context in
            let grant = try authentication.authorize(request, for: .manage)
            guard let id = context.parameters.get("override").flatMap({ Int($0) }) else {
                throw APIError(.notFound, "an override is named by its number")
            }
            try await answered { try await prices.remove(override: id, project: grant.project.id) }
            return Response(status: .noContent)
        }
        group.post("recompute") { request, _ in try await recompute(request) }
    }

    /// Turns refusals into answers.
    private func answered<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as PriceAdministrationError {
            let status: HTTPResponse.Status =
                switch error.code {
                case .unknown: .notFound
                case .conflict: .conflict
                case .invalid: .unprocessableContent
                default: .internalServerError
                }
            throw APIError(status, error.description)
        }
    }

    private func install(_ request: Request, _ context: HearthRequestContext) async throws -> Response {
        _ = try authentication.authorize(request, for: .administer)
        guard request.headers[.contentType]?.lowercased().hasPrefix("application/json") == true else {
            throw APIError(.unsupportedMediaType, "the content type must be application/json")
        }
        let name = try PriceParameters.decode(request, context).name
        let buffer: ByteBuffer
        do {
            buffer = try await request.body.collect(upTo: Self.dataLimit)
        } catch is NIOTooManyBytesError {
            throw APIError(.contentTooLarge, "price data is at most \(Self.dataLimit) bytes")
        }
        let version = try await answered { try await prices.install(Array(buffer.readableBytesView), name: name) }
        return Response.json(status: .created, VersionAnswer(version))
    }

    private func recompute(_ request: Request) async throws -> Response {
        let grant = try authentication.authorize(request, for: .manage)
        let scope = try await JSONBody.decode(RecomputeBody.self, request).scope(ProjectID(grant.project.id))
        let (store, book) = (store, prices.book)
        return Response(
            status: .ok, headers: [.contentType: "application/x-ndjson", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                do {
                    // The writer is not to be used from two places at once, hence lines in a stream and one reader.
                    let (lines, continuation) = AsyncThrowingStream.makeStream(of: ByteBuffer.self)
                    let work = Task {
                        do {
                            let final = try await store.reprice(scope, by: book) { continuation.yield(RecomputeLine.step($0)) }
                            continuation.yield(RecomputeLine.final(final, isDryRun: scope.isDryRun))
                            continuation.finish()
                        } catch {
                            continuation.yield(RecomputeLine.failure("\(error)"))
                            continuation.finish()
                        }
                    }
                    // Whoever goes away ends the work; what was written stays.
                    defer { work.cancel() }
                    for try await line in lines { try await writer.write(line) }
                }
                try await writer.finish(nil)
            })
    }
}
