import CoreMetrics
public import Hearth
import HearthLogging
import HearthMetrics
import HearthTracing
public import Logging
import Synchronization
import Tracing

/// Which systems of the ecosystem write into Hearth.
public struct BootstrapSystems: OptionSet, Sendable {
    /// The bits of the set.
    public let rawValue: Int

    public init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// swift-distributed-tracing.
    public static let tracing = BootstrapSystems(rawValue: 1)
    /// swift-log.
    public static let logging = BootstrapSystems(rawValue: 2)
    /// swift-metrics.
    public static let metrics = BootstrapSystems(rawValue: 4)
    /// Tracing, logging and metrics.
    public static let all: BootstrapSystems = [.tracing, .logging, .metrics]
}

extension Hearth {
    private static let done = Mutex(BootstrapSystems())

    /// Configures and makes Hearth the backend of swift-distributed-tracing, swift-log and swift-metrics.
    ///
    /// ```swift
    /// import HearthBootstrap
    ///
    /// try Hearth.bootstrap { $0.serviceName = "shop" }
    /// // Logs on the terminal as well:
    /// try Hearth.bootstrap { $0.serviceName = "shop" } logHandler: { StreamLogHandler.standardError(label: $0) }
    /// ```
    /// Call it first: clients and loggers that were made before may not be heard of. A second call configures anew; the systems stay.
    /// - Parameters:
    ///   - systems: leave out those that the application bootstraps itself.
    ///   - body: changes the configuration, as with `configure`.
    ///   - logHandler: also gets what is logged, as the terminal does with `StreamLogHandler.standardError(label:)`.
    /// - Throws: `ConfigurationError` when a value cannot be used; nothing is changed then.
    public static func bootstrap(
        _ systems: BootstrapSystems = .all,
        _ body: (inout HearthConfiguration) throws -> Void = { _ in },
        logHandler: (@Sendable (String) -> any LogHandler)? = nil
    ) throws {
        try configure(body)
        let missing = done.withLock { done -> BootstrapSystems in
            defer { done.formUnion(systems) }
            return systems.subtracting(done)
        }
        if missing.contains(.tracing) { InstrumentationSystem.bootstrap(HearthTracer()) }
        if missing.contains(.metrics) { MetricsSystem.bootstrap(HearthMetricsFactory()) }
        if missing.contains(.logging) {
            LoggingSystem.bootstrap { label in
                guard let logHandler else { return HearthLogHandler(label: label) }
                return MultiplexLogHandler([HearthLogHandler(label: label), logHandler(label)])
            }
        }
    }
}
