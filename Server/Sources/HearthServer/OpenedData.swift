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
}

extension HearthServer {
    /// Opens the data folder. Settings are read before anything is accepted, so that no record slips past them.
    func openData(_ logger: Logger) async throws -> OpenedData {
        let accounts = try await accountServices()
        let control = accounts.authentication.directory.store
        let policies = ProjectPolicies()
        let audit = RedactionAudit()
        let redaction = RedactionService(control: control, policies: policies, audit: audit, logger: logger)
        try await redaction.load()
        let prices = try await PriceAdministration(store: control, dataFolder: configuration.dataDirectory) { logger.warning("\($0)") }
        let store = try TelemetryStore(configuration: storageConfiguration(logger, prices.book))
        let sampling = SamplingService(control: control, store: store, logger: logger)
        try await sampling.load()
        var limits = DecodeLimits()
        limits.bodyBytes = configuration.maximumBodyBytes
        limits.derivesMessages = configuration.derivesMessages
        let pipeline = IngestPipeline(writer: store, policies: policies, prices: prices.book, limits: limits, audit: audit)
        let mapping = MappingServices(
            settings: control, policies: policies, application: StoredMapping(store: store, pipeline: pipeline))
        try await mapping.load()
        return OpenedData(
            accounts: accounts, store: store, prices: prices, redaction: redaction, sampling: sampling, mapping: mapping, pipeline: pipeline
        )
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

    private func storageConfiguration(_ logger: Logger, _ prices: PriceBook) -> StorageConfiguration {
        var storage = StorageConfiguration(directory: configuration.dataDirectory)
        storage.logger = logger
        storage.pricing = prices
        storage.memoryLimitBytes = configuration.memoryLimitBytes
        storage.rotationBytes = configuration.storageRotationBytes
        storage.rotationSeconds = Double(configuration.storageRotationSeconds)
        storage.idleSeconds = Double(configuration.storageIdleSeconds)
        storage.idleRotationBytes = configuration.storageIdleRotationBytes
        return storage
    }
}
