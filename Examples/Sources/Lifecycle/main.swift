// Settings from swift-configuration, and a service group whose last act is the delivery of what was recorded.
import Configuration
import Hearth
import HearthConfiguration
import HearthServiceLifecycle
import Logging
import ServiceLifecycle
import UnixSignals

/// Works until the shutdown, and records something while it stops.
struct Worker: Service {
    func run() async throws {
        Hearth.info("worker started")
        try? await gracefulShutdown()
        Hearth.span("closing down") { _ in Hearth.notice("worker stopped") }
    }
}

let config = ConfigReader(providers: [
    EnvironmentVariablesProvider(),
    InMemoryProvider(values: ["hearth.serviceName": "from-reader", "hearth.environment": "staging", "hearth.batch.delay": 30]),
])
// Code comes before the reader, and the reader before the environment.
try Hearth.configure(config: config.scoped(to: "hearth")) { $0.serviceVersion = "2.1" }

let group = ServiceGroup(
    configuration: ServiceGroupConfiguration(
        services: [.init(service: HearthService(timeout: .seconds(5))), .init(service: Worker())],
        gracefulShutdownSignals: [.sigterm],
        logger: Logger(label: "lifecycle")
    )
)
try await group.run()
