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

/// The composition root: opens what is stored, puts the services together and serves until a signal.
public struct HearthServer: Sendable {
    /// The product's version, shown by `hearth --version` and in the UI.
    public static let version = "0.1.0"

    private let configuration: ServerConfiguration

    public init(configuration: ServerConfiguration) { self.configuration = configuration }

    /// Serves until SIGTERM or SIGINT, then ends open requests, writes what is queued and closes the data folder.
    ///
    /// - Parameter announce: called once with the base URL when requests are accepted.
    /// - Throws: ``ServerError`` with the sentence to show and the exit code.
    public func run(announce: @escaping @Sendable (_ baseURL: String) -> Void) async throws(ServerError) {
        var logger = Logger(label: "hearth")
        guard let level = Logger.Level(rawValue: configuration.logLevel) else {
            throw ServerError(.configuration, "--log-level must be one of \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        logger.logLevel = level
        try prepareDataFolder()
        let control: ControlStore
        let project: Project
        let store: TelemetryStore
        do {
            control = try ControlStore(path: configuration.dataDirectory + "/control.sqlite")
            project = try await control.defaultProject()
            store = try TelemetryStore(configuration: storageConfiguration(logger))
        } catch {
            throw ServerError(.dataFolder, "\(error)")
        }
        let outcome = await serve(store: store, project: project, logger: logger, announce: announce)
        await store.shutdown()
        if let outcome { throw outcome }
    }

    private func serve(
        store: TelemetryStore, project: Project, logger: Logger, announce: @escaping @Sendable (String) -> Void
    ) async -> ServerError? {
        let address = configuration.http
        let queries = QueryEngine(store: store, configuration: queryConfiguration())
        defer { queries.shutdown() }
        do {
            let services = HTTPAPIServices(
                store: store, queries: queries,
                pipeline: IngestPipeline(writer: store, policies: ProjectPolicies(), bodyLimit: configuration.maximumBodyBytes),
                authentication: Authentication(isLoopback: address.isLoopback, defaultProject: project),
                budget: InFlightBudget(limit: configuration.inFlightBytes),
                staticFiles: StaticFiles(folder: configuration.webDirectory),
                maximumBodyBytes: configuration.maximumBodyBytes,
                unfinishedAfter: configuration.unfinishedAfterSeconds, version: Self.version)
            let application = Application(
                router: HTTPAPI.router(services, isLoopback: address.isLoopback),
                configuration: .init(
                    address: .hostname(address.host, port: address.port), serverName: "hearth/\(Self.version)", backlog: 1_024),
                onServerRunning: { channel in
                    announce("http://\(address.urlAuthority(port: channel.localAddress?.port ?? address.port))")
                },
                logger: logger)
            var group = ServiceGroupConfiguration(
                services: [application], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
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
