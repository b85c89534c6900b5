import Accounts
import Foundation
import GRPCAPI
import HTTPAPI
import Hummingbird
import Ingest
import Logging
import NIOSSL
import Prices
import SQLQuery
import ServiceLifecycle
import Storage
import UnixSignals

/// What a person needs to know when the server accepts requests.
public struct Listening: Sendable {
    public var baseURL: String
    /// OTLP over gRPC; nil when it is off.
    public var grpcURL: String?
    /// Whether every request needs a token or a login.
    public var isLoginRequired: Bool
    /// Where the first account is made; nil when there is one, or none is needed.
    public var setupURL: String?
}

/// The composition root: opens what is stored, puts the services together and serves until a signal.
public struct HearthServer: Sendable {
    /// The product's version, shown by `hearth --version` and in the UI.
    public static let version = "0.1.0"

    private static let httpFlag = "--http HOST:PORT"
    private static let grpcFlag = "--grpc HOST:PORT, or --grpc off"

    let configuration: ServerConfiguration

    public init(configuration: ServerConfiguration) { self.configuration = configuration }

    /// Serves until SIGTERM or SIGINT, then ends open requests, writes what is queued and closes the data folder.
    ///
    /// - Parameter announce: called once when requests are accepted.
    /// - Throws: ``ServerError`` with the sentence to show and the exit code.
    public func run(announce: @escaping @Sendable (Listening) -> Void) async throws(ServerError) {
        var logger = Logger(label: "hearth")
        guard let level = Logger.Level(rawValue: configuration.logLevel) else {
            throw ServerError(.configuration, "--log-level must be one of \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        logger.logLevel = level
        OpenFileLimit.raise()
        try prepareDataFolder()
        let opened: OpenedData
        do {
            opened = try await openData(logger)
        } catch {
            throw ServerError(.dataFolder, "\(error)")
        }
        let outcome = await serve(opened, logger: logger, announce: announce)
        await opened.store.shutdown()
        if let outcome { throw outcome }
    }

    private func serve(
        _ opened: OpenedData, logger: Logger, announce: @escaping @Sendable (Listening) -> Void
    ) async -> ServerError? {
        let queries = QueryEngine(store: opened.store, configuration: queryConfiguration())
        defer { queries.shutdown() }
        do {
            let tls = try tlsConfiguration()
            let site = try siteRules()
            try Listener.probe(configuration.http, flag: Self.httpFlag)
            if let grpc = configuration.grpc { try Listener.probe(grpc, flag: Self.grpcFlag) }
            let retention = RetentionService(
                control: opened.accounts.authentication.directory.store, store: opened.store, queries: queries,
                limits: configuration.retention, logger: logger)
            let services = HTTPAPIServices(
                store: opened.store, queries: queries, pipeline: opened.pipeline, prices: opened.prices, accounts: opened.accounts,
                redaction: opened.redaction, sampling: opened.sampling, retention: retention, mapping: opened.mapping,
                budget: InFlightBudget(limit: configuration.inFlightBytes),
                staticFiles: opened.staticFiles,
                maximumBodyBytes: configuration.maximumBodyBytes,
                unfinishedAfter: configuration.unfinishedAfterSeconds, version: Self.version,
                dataDirectory: configuration.dataDirectory)
            var group = ServiceGroupConfiguration(
                services: [
                    opened.redaction, opened.sampling, retention,
                    AccountUpkeep(directory: opened.accounts.authentication.directory, logger: logger),
                    StartupMemory(),
                ]
                    + (try listeners(services, site: site, tls: tls, logger: logger, announce: announce)),
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
            // Requests that are still running three seconds after the signal are cancelled, so that the exit stays within five.
            group.maximumGracefulShutdownDuration = .seconds(3)
            try await ServiceGroup(configuration: group).run()
            return nil
        } catch let error as ServerError {
            return error
        } catch {
            return ServerError(.unexpected, "the server stopped: \(error)")
        }
    }

    private func listeners(
        _ services: HTTPAPIServices, site: SiteRules, tls: TLSConfiguration?, logger: Logger,
        announce: @escaping @Sendable (Listening) -> Void
    ) throws -> [any Service] {
        let http = configuration.http
        let announcement = Announcement(listeners: configuration.grpc == nil ? 1 : 2) { ports in
            announce(listening(ports, services.accounts))
        }
        var listeners = [
            try Listener(
                router: HTTPAPI.router(services, site: site), address: http, flag: Self.httpFlag, tls: tls, logger: logger
            ) { port in
                await announcement.running { $0.http = port }
            }
        ]
        if let grpc = configuration.grpc {
            var site = site
            site.isLoopback = grpc.isLoopback && !configuration.requiresLogin
            let router = GRPCAPI.router(
                authentication: services.accounts.authentication.trustingLoopback(site.isLoopback), pipeline: services.pipeline,
                maximumBodyBytes: configuration.maximumBodyBytes,
                budget: services.budget, site: site)
            listeners.append(
                try Listener(router: router, address: grpc, flag: Self.grpcFlag, tls: tls, logger: logger) { port in
                    services.grpc.opened(port: port)
                    await announcement.running { $0.grpc = port }
                })
        }
        return listeners
    }

    private func tlsConfiguration() throws(ServerError) -> TLSConfiguration? {
        switch (configuration.tlsCertificate, configuration.tlsKey) {
        case (nil, nil): nil
        case (let certificate?, let key?): try TLSFiles.load(certificate: certificate, key: key)
        default: throw ServerError(.configuration, "--tls-cert and --tls-key belong together: a certificate needs its key")
        }
    }

    private func siteRules() throws(ServerError) -> SiteRules {
        var publicURL: PublicURL?
        if let text = configuration.publicURL {
            publicURL = PublicURL(text)
            guard publicURL != nil else {
                throw ServerError(.configuration, "--public-url must be http:// or https:// with a host and no path, not \(text)")
            }
        }
        for origin in configuration.corsOrigins where origin != "*" && PublicURL(origin)?.text != origin.lowercased() {
            throw ServerError(.configuration, "--cors-origin must be an origin such as https://app.example.com, or *, not \(origin)")
        }
        return SiteRules(
            isLoopback: configuration.http.isLoopback && !configuration.requiresLogin, allowedHosts: configuration.allowedHosts,
            corsOrigins: configuration.corsOrigins,
            publicURL: publicURL)
    }

    /// The addresses to print; opens the set-up of the first account where one is needed.
    private func listening(_ ports: ListenerPorts, _ accounts: AccountServices) -> Listening {
        let scheme = configuration.tlsCertificate == nil ? "http" : "https"
        let authentication = accounts.authentication
        var listening = Listening(
            baseURL: "\(scheme)://\(configuration.http.urlAuthority(port: ports.http))", isLoginRequired: !authentication.isLoopback)
        if let grpc = configuration.grpc { listening.grpcURL = "\(scheme)://\(grpc.urlAuthority(port: ports.grpc))" }
        if listening.isLoginRequired, !authentication.hasUsers {
            // A wildcard is no address to open.
            let host = ["0.0.0.0", "::"].contains(configuration.http.host) ? "localhost" : configuration.http.host
            let own = "\(scheme)://\(ListenAddress(host: host, port: ports.http).urlAuthority(port: ports.http))"
            listening.setupURL = "\(accounts.publicAddress.url ?? own)/setup?code=\(accounts.setup.open())"
        }
        return listening
    }

    private func queryConfiguration() -> QueryConfiguration {
        var queries = QueryConfiguration()
        queries.deadline = .seconds(configuration.queryDeadlineSeconds)
        queries.maximumRows = configuration.maximumQueryRows
        queries.maximumBytes = configuration.maximumQueryBytes
        queries.maximumMemory = configuration.memoryLimitBytes + 256 << 20
        return queries
    }
}
