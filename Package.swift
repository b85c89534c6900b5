// swift-tools-version: 6.2
import CompilerPluginSupport
import PackageDescription

/// The strict settings every Hearth target is built with.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// Used only while the trait is enabled; otherwise its package is not even fetched.
func trait(_ trait: String, _ product: String, _ package: String) -> Target.Dependency {
    .product(name: product, package: package, condition: .when(traits: [trait]))
}

let package = Package(
    name: "hearth",
    platforms: [.macOS(.v26)],
    products: [
        .library(name: "Hearth", targets: ["Hearth", "HearthTracing", "HearthLogging", "HearthMetrics", "HearthBootstrap"]),
        .library(name: "HearthGenAI", targets: ["HearthGenAI"]),
        .library(name: "HearthTesting", targets: ["HearthTesting"]),
        .library(name: "HearthQuery", targets: ["HearthQuery"]),
        // Empty without the trait of the same name.
        .library(name: "HearthConfiguration", targets: ["HearthConfiguration"]),
        .library(name: "HearthGRDB", targets: ["HearthGRDB"]),
        .library(name: "HearthGRPC", targets: ["HearthGRPC"]),
        .library(name: "HearthHTTPClient", targets: ["HearthHTTPClient"]),
        .library(name: "HearthHummingbird", targets: ["HearthHummingbird"]),
        .library(name: "HearthMacros", targets: ["HearthMacros"]),
        .library(name: "HearthServiceLifecycle", targets: ["HearthServiceLifecycle"]),
        .library(name: "HearthSubprocess", targets: ["HearthSubprocess"]),
        .library(name: "OTLPWire", targets: ["OTLPWire"]),
        .library(name: "GenAIPrices", targets: ["GenAIPrices"]),
    ],
    traits: [
        .default(enabledTraits: []),
        .trait(name: "Configuration", description: "HearthConfiguration: settings from swift-configuration."),
        .trait(name: "GRDB", description: "HearthGRDB: spans of SQL statements of GRDB."),
        .trait(name: "GRPC", description: "HearthGRPC: interceptors for clients and servers of grpc-swift-2."),
        .trait(name: "HTTPClient", description: "HearthHTTPClient: https, and spans of requests of async-http-client."),
        .trait(name: "Hummingbird", description: "HearthHummingbird: spans of requests of Hummingbird servers."),
        .trait(name: "Macros", description: "HearthMacros: @Instrument. Builds swift-syntax."),
        .trait(name: "ServiceLifecycle", description: "HearthServiceLifecycle: a service that delivers what is left at shutdown."),
        .trait(name: "Subprocess", description: "HearthSubprocess: child processes of swift-subprocess in the trace of their parent."),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-distributed-tracing.git", from: "1.7.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.13.0"),
        // Each of these belongs to a trait.
        .package(url: "https://github.com/apple/swift-configuration.git", from: "1.0.0", traits: []),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.30.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.90.0"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.0.0"),
        .package(url: "https://github.com/grpc/grpc-swift-2.git", from: "2.0.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.20.0", traits: []),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.8.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess.git", from: "1.0.0", traits: []),
        .package(url: "https://github.com/swiftlang/swift-syntax.git", from: "603.0.0"),
    ],
    targets: [
        .target(
            name: "Hearth",
            dependencies: [
                "HearthExport", "OTLPWire", .product(name: "Instrumentation", package: "swift-distributed-tracing"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "HearthTracing",
            dependencies: ["Hearth", .product(name: "Tracing", package: "swift-distributed-tracing")],
            swiftSettings: strict
        ),
        .target(name: "HearthLogging", dependencies: ["Hearth", .product(name: "Logging", package: "swift-log")], swiftSettings: strict),
        .target(
            name: "HearthMetrics", dependencies: ["Hearth", .product(name: "CoreMetrics", package: "swift-metrics")], swiftSettings: strict),
        // The three systems in one call.
        .target(
            name: "HearthBootstrap",
            dependencies: [
                "Hearth", "HearthLogging", "HearthMetrics", "HearthTracing", .product(name: "Logging", package: "swift-log"),
                .product(name: "CoreMetrics", package: "swift-metrics"), .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            swiftSettings: strict
        ),
        // What users' tests need.
        .target(name: "HearthTesting", dependencies: ["Hearth", "HearthExport"], swiftSettings: strict),
        .target(
            name: "HearthGenAI",
            dependencies: [
                "Hearth", "HearthExport", "GenAIPrices", .product(name: "Instrumentation", package: "swift-distributed-tracing"),
            ],
            swiftSettings: strict
        ),
        // Empty without the trait.
        .target(
            name: "HearthHTTPClient",
            dependencies: [
                "Hearth", "HearthExport", "HearthGenAI",
                trait("HTTPClient", "AsyncHTTPClient", "async-http-client"), trait("HTTPClient", "NIOCore", "swift-nio"),
                trait("HTTPClient", "NIOHTTP1", "swift-nio"), trait("HTTPClient", "NIOSSL", "swift-nio-ssl"),
            ],
            swiftSettings: strict
        ),
        // SQL over HTTP into Decodable rows.
        .target(name: "HearthQuery", dependencies: ["Hearth", "HearthExport"], swiftSettings: strict),
        .target(
            name: "HearthConfiguration",
            dependencies: ["Hearth", trait("Configuration", "Configuration", "swift-configuration")],
            swiftSettings: strict
        ),
        .target(name: "HearthGRDB", dependencies: ["Hearth", trait("GRDB", "GRDB", "GRDB.swift")], swiftSettings: strict),
        .target(
            name: "HearthGRPC", dependencies: ["Hearth", "HearthExport", trait("GRPC", "GRPCCore", "grpc-swift-2")], swiftSettings: strict),
        .target(
            name: "HearthHummingbird",
            dependencies: [
                "Hearth", "HearthExport", trait("Hummingbird", "Hummingbird", "hummingbird"),
                trait("Hummingbird", "HTTPTypes", "swift-http-types"),
                trait("Hummingbird", "NIOCore", "swift-nio"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "HearthMacros",
            dependencies: ["Hearth", .target(name: "HearthMacrosPlugin", condition: .when(traits: ["Macros"]))],
            swiftSettings: strict
        ),
        .macro(
            name: "HearthMacrosPlugin",
            dependencies: [
                trait("Macros", "SwiftCompilerPlugin", "swift-syntax"), trait("Macros", "SwiftDiagnostics", "swift-syntax"),
                trait("Macros", "SwiftParser", "swift-syntax"),
                trait("Macros", "SwiftSyntax", "swift-syntax"), trait("Macros", "SwiftSyntaxBuilder", "swift-syntax"),
                trait("Macros", "SwiftSyntaxMacros", "swift-syntax"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "HearthServiceLifecycle",
            dependencies: ["Hearth", trait("ServiceLifecycle", "ServiceLifecycle", "swift-service-lifecycle")],
            swiftSettings: strict
        ),
        .target(
            name: "HearthSubprocess",
            dependencies: ["Hearth", trait("Subprocess", "Subprocess", "swift-subprocess")],
            swiftSettings: strict
        ),
        // Bytes to a server: sockets, HTTP/1.1, retries. Knows nothing of spans.
        .target(name: "HearthExport", dependencies: ["OTLPWire"], swiftSettings: strict),
        .target(name: "OTLPWire", swiftSettings: strict),
        // The data itself: clang embeds it in no time where an array literal would take minutes.
        .target(name: "CGenAIPricesData", exclude: ["genai-prices.json", "genai-prices-units.json", "NOTICE.md"]),
        .target(name: "GenAIPrices", dependencies: ["CGenAIPricesData"], swiftSettings: strict),
        // Counts what tests allocate.
        .target(name: "CMallocCount", path: "Tests/CMallocCount"),
        .testTarget(
            name: "HearthTests",
            dependencies: [
                "CMallocCount", "Hearth", "HearthBootstrap", "HearthExport", "HearthGenAI", "HearthLogging", "HearthMetrics",
                "HearthTesting", "HearthTracing", "OTLPWire", .product(name: "CoreMetrics", package: "swift-metrics"),
            ],
            swiftSettings: strict
        ),
        .testTarget(name: "HearthTestingTests", dependencies: ["Hearth", "HearthTesting"], swiftSettings: strict),
        .testTarget(name: "HearthGenAITests", dependencies: ["HearthGenAI", "Hearth"], swiftSettings: strict),
        .testTarget(name: "HearthQueryTests", dependencies: ["Hearth", "HearthExport", "HearthQuery"], swiftSettings: strict),
        .testTarget(
            name: "HearthIntegrationTests",
            dependencies: [
                "Hearth", "HearthConfiguration", "HearthGRDB", "HearthGRPC", "HearthHummingbird", "HearthServiceLifecycle",
                "HearthSubprocess", "HearthTracing",
                trait("Configuration", "Configuration", "swift-configuration"),
                trait("GRDB", "GRDB", "GRDB.swift"),
                trait("Hummingbird", "HTTPTypes", "swift-http-types"),
                trait("ServiceLifecycle", "ServiceLifecycle", "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "HearthMacrosTests",
            dependencies: [
                "Hearth", "HearthMacros", .target(name: "HearthMacrosPlugin", condition: .when(traits: ["Macros"])),
                trait("Macros", "SwiftSyntaxMacros", "swift-syntax"), trait("Macros", "SwiftSyntaxMacroExpansion", "swift-syntax"),
                trait("Macros", "SwiftSyntaxMacrosGenericTestSupport", "swift-syntax"),
            ],
            swiftSettings: strict
        ),
        .testTarget(name: "HearthExportTests", dependencies: ["HearthExport", "OTLPWire"], swiftSettings: strict),
        .testTarget(name: "OTLPWireTests", dependencies: ["OTLPWire"], swiftSettings: strict),
        .testTarget(
            name: "GenAIPricesTests",
            dependencies: ["GenAIPrices"],
            exclude: ["Fixtures/NOTICE.md"],
            resources: [.copy("Fixtures/vectors.json")],
            swiftSettings: strict
        ),
    ],
    swiftLanguageModes: [.v6]
)
