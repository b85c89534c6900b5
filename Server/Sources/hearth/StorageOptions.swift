import ArgumentParser
import HearthServer

/// Expert settings of the storage: when rows go from the log to their final files. The defaults suit every load; tests and measurements
/// make it happen sooner.
struct StorageOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Size of the log at which its rows go to their final files. (default: 25165824)", valueName: "bytes"))
    var storageRotationBytes: Int?

    @Option(help: ArgumentHelp("Age of the log at which that happens anyway. (default: 3600)", valueName: "seconds"))
    var storageRotationSeconds: Int?

    @Option(help: ArgumentHelp("Time without any data after which that happens too. (default: 10)", valueName: "seconds"))
    var storageIdleSeconds: Int?

    @Option(help: ArgumentHelp("Smallest log for which a time without data counts. (default: 524288)", valueName: "bytes"))
    var storageIdleRotationBytes: Int?

    /// Sets what a flag or the environment gives.
    func apply(to configuration: inout ServerConfiguration, environment: [String: String]) throws(ServerError) {
        try Serve.set(
            &configuration.storageRotationBytes, storageRotationBytes, environment, "STORAGE_ROTATION_BYTES", in: (64 << 10)...(1 << 32))
        try Serve.set(
            &configuration.storageRotationSeconds, storageRotationSeconds, environment, "STORAGE_ROTATION_SECONDS", in: 1...604_800)
        try Serve.set(&configuration.storageIdleSeconds, storageIdleSeconds, environment, "STORAGE_IDLE_SECONDS", in: 1...86_400)
        try Serve.set(
            &configuration.storageIdleRotationBytes, storageIdleRotationBytes, environment, "STORAGE_IDLE_ROTATION_BYTES",
            in: 0...(1 << 32))
    }
}
