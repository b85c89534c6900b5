import Accounts
import Foundation
import HTTPAPI
import Ingest
import Logging
import OTLPIngest
import Prices
import Storage

/// What stands on the data folder: the stores, and the services with settings in them.
struct OpenedData: Sendable {
    let accounts: AccountServices
    let store: TelemetryStore
    let prices: PriceAdministration
    let redaction: RedactionService
    let sampling: SamplingService
    let mapping: MappingServices
    let pipeline: IngestPipeline
    let staticFiles: StaticFiles
}

extension HearthServer {
    /// Opens the data folder, the telemetry in it on a thread of its own: that takes about as long as everything else together. Settings are read
    /// before anything is accepted, so that no record slips past them.
    func openData(_ logger: Logger) async throws -> OpenedData {
        let storage = storageConfiguration(logger)
        async let opening = openFolder(storage)
        async let staticFiles = StaticFiles(folder: configuration.webDirectory)
        let settings = try await openSettings(logger)
        var priced = storage
        priced.pricing = settings.prices.book
        let store = try TelemetryStore(opened: await opening, configuration: priced)
        do {
            return try await open(settings, store, staticFiles, logger)
        } catch {
            await store.shutdown()
            throw error
        }
    }

    /// What is read from the control database alone.
    private struct StoredSettings {
        let accounts: AccountServices
        let policies: ProjectPolicies
        let audit: RedactionAudit
        let redaction: RedactionService
        let prices: PriceAdministration
    }

    private func openSettings(_ logger: Logger) async throws -> StoredSettings {
        let accounts = try await accountServices()
        let control = accounts.authentication.directory.store
        let (policies, audit) = (ProjectPolicies(), RedactionAudit())
        let redaction = RedactionService(control: control, policies: policies, audit: audit, logger: logger)
        try await redaction.load()
        let prices = try await PriceAdministration(store: control, dataFolder: configuration.dataDirectory) { logger.warning("\($0)") }
        return StoredSettings(accounts: accounts, policies: policies, audit: audit, redaction: redaction, prices: prices)
    }

    private func open(
        _ settings: StoredSettings, _ store: TelemetryStore, _ staticFiles: StaticFiles, _ logger: Logger
    ) async throws -> OpenedData {
        let control = settings.accounts.authentication.directory.store
        let sampling = SamplingService(control: control, store: store, logger: logger)
        try await sampling.load()
        var limits = DecodeLimits()
        limits.bodyBytes = configuration.maximumBodyBytes
        limits.derivesMessages = configuration.derivesMessages
        let pipeline = IngestPipeline(
            writer: store, policies: settings.policies, prices: settings.prices.book, limits: limits, audit: settings.audit)
        let mapping = MappingServices(
            settings: control, policies: settings.policies, application: StoredMapping(store: store, pipeline: pipeline))
        try await mapping.load()
        return OpenedData(
            accounts: settings.accounts, store: store, prices: settings.prices, redaction: settings.redaction, sampling: sampling,
            mapping: mapping, pipeline: pipeline, staticFiles: staticFiles)
    }

    /// The engine blocks while it opens its files.
    private func openFolder(_ storage: StorageConfiguration) async throws -> OpenedFolder {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try OpenedFolder(configuration: storage) }) }
        }
    }

    private func accountServices() async throws -> AccountServices {
        let control = try ControlStore(path: configuration.dataDirectory + "/control.sqlite")
        let authentication = Authentication(
            isLoopback: configuration.trustsLoopback, defaultProject: try await control.defaultProject(),
            directory: try await AccountDirectory(store: control))
        return AccountServices(
            authentication: authentication, setup: SetupGate(),
            publicAddress: PublicAddress(url: configuration.publicURL, isTLS: configuration.tlsCertificate != nil))
    }

    /// Creates the data folder and proves that it can be written.
    func prepareDataFolder() throws(ServerError) {
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
        storage.rotationBytes = configuration.storageRotationBytes
        storage.rotationSeconds = Double(configuration.storageRotationSeconds)
        storage.idleSeconds = Double(configuration.storageIdleSeconds)
        storage.idleRotationBytes = configuration.storageIdleRotationBytes
        return storage
    }
}
