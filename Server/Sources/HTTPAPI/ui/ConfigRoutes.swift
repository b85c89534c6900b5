import Accounts
import FoundationEssentials
import Hummingbird
import SQLQuery
import Storage
import TelemetryModel

/// `GET /ui/config` and `GET /ui/attribute-keys`: what the web UI needs beside SQL.
struct ConfigRoutes: Sendable {
    let authentication: Authentication
    let publicAddress: PublicAddress
    let store: TelemetryStore
    let queries: QueryEngine
    let version: String
    let sampling: SamplingService
    /// Seconds after which a span that was never finished is shown as unfinished.
    let unfinishedAfter: Int
    let grpc: GRPCEndpoint

    private struct Config: Encodable {
        var version: String
        var organization: String
        var project: String
        var baseUrl: String
        var unfinishedAfterSeconds: Int
        var queryLimitMax: Int
        /// Stored rows of all projects.
        var records: Int64
        /// Size of the telemetry folder.
        var bytes: Int64
        /// Of the asker in this project; nil for a read token.
        @Nullable var role: String?
        var isLoopback: Bool
        var userName: String
        var projects: [ProjectAnswer]
        /// Address for OTLP over gRPC; nil when it is off.
        @Nullable var grpcUrl: String?
        var sampling: Sampling

        /// Whether counts may be weighted: `since` is when sampling was turned on first, nil for never.
        struct Sampling: Encodable {
            var enabled: Bool
            @Nullable var since: String?
        }
    }

    func add(to router: Router<HearthRequestContext>) {
        router.get("ui/config") { request, _ in
            let grant = try authentication.authorize(request, for: .read)
            let statistics = store.statistics
            let baseURL = publicAddress.baseURL(request)
            let sampled = sampling.state(project: grant.project.id)
            return Response.json(
                Config(
                    version: version, organization: grant.project.organization, project: grant.project.name, baseUrl: baseURL,
                    unfinishedAfterSeconds: unfinishedAfter, queryLimitMax: queries.maximumRows,
                    records: statistics.records, bytes: statistics.bytesOnDisk,
                    role: grant.principal.role(in: grant.project)?.rawValue, isLoopback: authentication.isLoopback,
                    userName: grant.principal.displayName,
                    projects: authentication.projects(of: grant.principal)
                        .map { ProjectAnswer($0.item, role: $0.role, baseURL: baseURL) },
                    grpcUrl: grpc.url(beside: baseURL), sampling: .init(enabled: sampled.isEnabled, since: sampled.since)))
        }
        router.get("ui/attribute-keys") { request, context in
            let grant = try authentication.authorize(request, for: .read)
            let window = try QueryParameters.decode(request, context).window()
            var query = QueryRequest(
                sql: """
                    SELECT DISTINCT unnest(json_keys(attributes)) AS key
                    FROM (SELECT attributes FROM records ORDER BY start_timestamp DESC LIMIT 2000) ORDER BY key
                    """,
                project: ProjectID(grant.project.id))
            query.minTimestamp = window.min
            query.limit = 2_000
            do {
                let output = try await queries.run(query, format: .columns)
                struct Answer: Decodable {
                    struct Column: Decodable { var values: [String] }
                    var columns: [Column]
                }
                let keys = try JSONDecoder().decode(Answer.self, from: Data(output.body)).columns.first?.values ?? []
                return Response.json(["keys": keys])
            } catch let error as QueryError {
                throw ProblemError(error)
            }
        }
    }
}
