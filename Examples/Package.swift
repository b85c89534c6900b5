// swift-tools-version: 6.2
import PackageDescription

/// The strict settings of the examples, those of the SDK itself.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
    name: "hearth-examples",
    platforms: [.macOS(.v26)],
    dependencies: [
        .package(
            name: "hearth", path: "..",
            traits: ["Configuration", "GRDB", "GRPC", "HTTPClient", "Hummingbird", "Macros", "ServiceLifecycle", "Subprocess"]),
        .package(url: "https://github.com/apple/swift-configuration.git", from: "1.0.0", traits: []),
        .package(url: "https://github.com/apple/swift-distributed-tracing.git", from: "1.7.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.90.0"),
        .package(url: "https://github.com/apple/swift-system.git", from: "1.5.0"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.0.0"),
        .package(url: "https://github.com/grpc/grpc-swift-2.git", from: "2.0.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.20.0", traits: []),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.8.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess.git", from: "1.0.0", traits: []),
    ],
    targets: [
        .executableTarget(
            name: "ChildProcess",
            dependencies: [
                .product(name: "Hearth", package: "hearth"), .product(name: "HearthSubprocess", package: "hearth"),
                .product(name: "Subprocess", package: "swift-subprocess"), .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "Database",
            dependencies: [
                .product(name: "Hearth", package: "hearth"), .product(name: "HearthGRDB", package: "hearth"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(name: "Instrumented", dependencies: [.product(name: "HearthMacros", package: "hearth")], swiftSettings: strict),
        .executableTarget(
            name: "Lifecycle",
            dependencies: [
                .product(name: "Hearth", package: "hearth"), .product(name: "HearthConfiguration", package: "hearth"),
                .product(name: "HearthServiceLifecycle", package: "hearth"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "MarketAgent",
            dependencies: [
                .product(name: "Hearth", package: "hearth"), .product(name: "HearthGenAI", package: "hearth"),
                .product(name: "HearthHTTPClient", package: "hearth"), .product(name: "HearthQuery", package: "hearth"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "Queries",
            dependencies: [.product(name: "Hearth", package: "hearth"), .product(name: "HearthQuery", package: "hearth")],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "RemoteCalls",
            dependencies: [
                .product(name: "Hearth", package: "hearth"), .product(name: "HearthGRPC", package: "hearth"),
                .product(name: "GRPCCore", package: "grpc-swift-2"), .product(name: "GRPCInProcessTransport", package: "grpc-swift-2"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "Services",
            dependencies: [
                .product(name: "Hearth", package: "hearth"), .product(name: "HearthHummingbird", package: "hearth"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"), .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"), .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            swiftSettings: strict
        ),
    ],
    swiftLanguageModes: [.v6]
)
