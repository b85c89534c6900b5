import Accounts
import Foundation
import HTTPAPI
import Hummingbird
import Ingest
import Logging
import NIOCore
import SQLQuery
import ServiceLifecycle
import Storage
import UnixSignals

/// What a person needs to know when the server accepts requests.
public struct Listening: Sendable {
    public var baseURL: String
    /// Where the first account is made; nil when there is one, or none is needed.
    public var setupURL: String?
}

/// The composition root: opens what is stored, puts the services together and serves until a signal.
public struct HearthServer: Sendable {
    /// The product's version, shown by `hearth --version` and in the UI.
    public static let version = "0.1.0"

    private let configuration: ServerConfiguration

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
        try prepareDataFolder()
        let accounts: AccountServices
        let store: TelemetryStore
        do {
            accounts = try await accountServices()
            store = try TelemetryStore(configuration: storageConfiguration(logger))
        } catch {
            throw ServerError(.dataFolder, "\(error)")
        }
        let outcome = await serve(store: store, accounts: accounts, logger: logger, announce: announce)
        await store.shutdown()
        if let outcome { throw outcome }
    }

    private func serve(
        store: TelemetryStore, accounts: AccountServices, logger: Logger, announce: @escaping @Sendable (Listening) -> Void
    ) async -> ServerError? {
        let address = configuration.http
        let queries = QueryEngine(store: store, configuration: queryConfiguration())
        defer { queries.shutdown() }
        do {
            let services = HTTPAPIServices(
                store: store, queries: queries,
                pipeline: IngestPipeline(writer: store, policies: ProjectPolicies(), bodyLimit: configuration.maximumBodyBytes),
                accounts: accounts,
                budget: InFlightBudget(limit: configuration.inFlightBytes),
                staticFiles: StaticFiles(folder: configuration.webDirectory),
                maximumBodyBytes: configuration.maximumBodyBytes,
                unfinishedAfter: configuration.unfinishedAfterSeconds, version: Self.version)
            let application = Application(
                router: HTTPAPI.router(services, isLoopback: configuration.trustsLoopback),
                configuration: .init(
                    address: .hostname(address.host, port: address.port), serverName: "hearth/\(Self.version)", backlog: 1_024),
                onServerRunning: { channel in
                    announce(listening(port: channel.localAddress?.port ?? address.port, accounts))
                },
                logger: logger)
            var group = ServiceGroupConfiguration(
                services: [AccountUpkeep(directory: accounts.authentication.directory, logger: logger), application],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
            // Requests that are still running three seconds after the signal are cancelled, so that the exit stays within five.
            group.maximumGracefulShutdownDuration = .seconds(3)
            try await ServiceGroup(configuration: group).run()
            return nil
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            return ServerError(
                .addressUnavailable,
                "the address \(address.urlAuthority(port: address.port)) is already in use; stop the program that listens there or pass --http HOST:PORT"
            )
        } catch let error as IOError {
            return ServerError(.addressUnavailable, "cannot listen on \(address.urlAuthority(port: address.port)): \(error)")
        } catch {
            return ServerError(.unexpected, "the server stopped: \(error)")
        }
    }

    private func accountServices() async throws -> AccountServices {
        let control = try ControlStore(path: configuration.dataDirectory + "/control.sqlite")
        let authentication = Authentication(
            isLoopback: configuration.trustsLoopback, defaultProject: try await control.defaultProject(),
            directory: try await AccountDirectory(store: control))
        return AccountServices(
            authentication: authentication, setup: SetupGate(), publicAddress: PublicAddress(url: configuration.publicURL))
    }

    /// The addresses to print; opens the set-up of the first account where one is needed.
    private func listening(port: Int, _ accounts: AccountServices) -> Listening {
        let local = "http://\(configuration.http.urlAuthority(port: port))"
        let authentication = accounts.authentication
        guard !authentication.isLoopback, !authentication.hasUsers else { return Listening(baseURL: local, setupURL: nil) }
        return Listening(baseURL: local, setupURL: "\(accounts.publicAddress.url ?? local)/setup?code=\(accounts.setup.open())")
    }

    /// Creates the data folder and proves that it can be written.
    private func prepareDataFolder() throws(ServerError) {
        let folder = configuration.dataDirectory
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let probe = folder + "/.write-test"
            try Data().write(to: URL(fileURLWithPath: probe))
            try FileManager.default.removeItem(atPath: probe)
        } catch {
            throw ServerError(
                .dataFolder, "the data folder \(folder) is not writable; choose another with --data, or change its permissions")
        }
    }

    private func storageConfiguration(_ logger: Logger) -> StorageConfiguration {
        var storage = StorageConfiguration(directory: configuration.dataDirectory)
        storage.logger = logger
        storage.memoryLimitBytes = configuration.memoryLimitBytes
        return storage
    }

    private func queryConfiguration() -> QueryConfiguration {
        var queries = QueryConfiguration()
        queries.deadline = .seconds(configuration.queryDeadlineSeconds)
        return queries
    }
}
