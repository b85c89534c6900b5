import Accounts
public import Hummingbird
public import Ingest
public import Prices
public import SQLQuery
public import Storage

/// Everything the routes need, put together by the composition root.
public struct HTTPAPIServices: Sendable {
    public var store: TelemetryStore
    public var queries: QueryEngine
    public var pipeline: IngestPipeline
    public var prices: PriceAdministration
    public var accounts: AccountServices
    public var redaction: RedactionService
    public var sampling: SamplingService
    public var retention: RetentionService
    public var mapping: MappingServices
    public var budget: InFlightBudget
    public var staticFiles: StaticFiles
    /// Bytes; limit of a request body, packed and unpacked.
    public var maximumBodyBytes: Int
    /// Seconds after which a span that was never finished is shown as unfinished.
    public var unfinishedAfter: Int
    public var version: String
    /// Where OTLP over gRPC is accepted.
    public let grpc = GRPCEndpoint()
    /// For the free space of its disk; nil leaves that figure out.
    public var dataDirectory: String?
    let audience = LiveAudience()

    public init(
        store: TelemetryStore, queries: QueryEngine, pipeline: IngestPipeline, prices: PriceAdministration, accounts: AccountServices,
        redaction: RedactionService, sampling: SamplingService, retention: RetentionService, mapping: MappingServices,
        budget: InFlightBudget, staticFiles: StaticFiles,
        maximumBodyBytes: Int, unfinishedAfter: Int, version: String, dataDirectory: String? = nil
    ) {
        self.store = store
        self.queries = queries
        self.pipeline = pipeline
        self.prices = prices
        self.accounts = accounts
        self.redaction = redaction
        self.sampling = sampling
        self.retention = retention
        self.mapping = mapping
        self.budget = budget
        self.staticFiles = staticFiles
        self.maximumBodyBytes = maximumBodyBytes
        self.unfinishedAfter = unfinishedAfter
        self.version = version
        self.dataDirectory = dataDirectory
    }
}

/// The routes of the one origin that serves OTLP, the query API and the web UI (design §7).
public enum HTTPAPI {
    /// - Parameter site: under which names the server answers, and to which sites.
    public static func router(_ services: HTTPAPIServices, site: SiteRules) -> Router<HearthRequestContext> {
        let router = Router(context: HearthRequestContext.self)
        router.add(middleware: JSONErrors())
        router.add(middleware: RequestGuard(site))
        let authentication = services.accounts.authentication
        let body = BodyReader(limit: services.maximumBodyBytes, budget: services.budget)
        HealthRoutes(authentication: authentication, health: HealthService(services)).add(to: router)
        BackupRoutes(services).add(to: router)
        OTLPRoutes(authentication: authentication, pipeline: services.pipeline, body: body).add(to: router)
        QueryRoutes(authentication: authentication, queries: services.queries, body: body).add(to: router)
        RedactionRoutes(authentication: authentication, redaction: services.redaction, queries: services.queries, body: body).add(
            to: router)
        SamplingRoutes(authentication: authentication, sampling: services.sampling, body: body).add(to: router)
        RetentionRoutes(authentication: authentication, retention: services.retention, body: body).add(to: router)
        InfoRoutes(authentication: authentication, publicAddress: services.accounts.publicAddress).add(to: router)
        LiveRoutes(authentication: authentication, queries: services.queries, store: services.store, audience: services.audience).add(
            to: router)
        ConfigRoutes(
            authentication: authentication, publicAddress: services.accounts.publicAddress, store: services.store,
            queries: services.queries, version: services.version,
            sampling: services.sampling, unfinishedAfter: services.unfinishedAfter, grpc: services.grpc
        ).add(to: router)
        SchemaRoutes(authentication: authentication, queries: services.queries).add(to: router)
        LogfireCLIRoutes(services: services.accounts).add(to: router)
        DeviceRoutes(services: services.accounts).add(to: router)
        SessionRoutes(services: services.accounts).add(to: router)
        SetupRoutes(services: services.accounts).add(to: router)
        ProjectRoutes(services: services.accounts).add(to: router)
        TokenRoutes(services: services.accounts).add(to: router)
        MemberRoutes(services: services.accounts).add(to: router)
        PriceRoutes(authentication: authentication, prices: services.prices, store: services.store).add(to: router)
        MappingRoutes(authentication: authentication, services: services.mapping, queries: services.queries).add(to: router)
        services.staticFiles.add(to: router)
        return router
    }
}
