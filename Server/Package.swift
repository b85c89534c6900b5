// swift-tools-version: 6.2
import PackageDescription

/// The strict settings every Hearth target is built with.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let wire: Target.Dependency = .product(name: "OTLPWire", package: "hearth")
let prices: Target.Dependency = .product(name: "GenAIPrices", package: "hearth")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

let package = Package(
    name: "hearth-server",
    platforms: [.macOS(.v26)],
    products: [
        .executable(name: "hearth", targets: ["hearth"]),
        // For the benchmarks.
        .library(name: "DuckDBKit", targets: ["DuckDBKit"]),
        .library(name: "OTLPIngest", targets: ["OTLPIngest", "TelemetryModel"]),
        .library(name: "Fuzzing", targets: ["Fuzzing"]),
    ],
    dependencies: [
        // `name:` keeps the identity independent of what the clone's folder is called.
        .package(name: "hearth", path: ".."),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-async-algorithms", from: "1.1.0"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    ],
    targets: [
        .systemLibrary(name: "CDuckDB", pkgConfig: "hearth-duckdb"),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .systemLibrary(name: "CJemalloc", pkgConfig: "jemalloc", providers: [.apt(["libjemalloc-dev"])]),
        .target(name: "CDuckDBGuard", dependencies: ["CDuckDB"]),
        .target(name: "DuckDBKit", dependencies: ["CDuckDB", "CDuckDBGuard"], swiftSettings: strict),
        .target(name: "TelemetryModel", swiftSettings: strict),
        .target(name: "OTLPIngest", dependencies: [wire, "TelemetryModel", "CZlib", "CZstd"], swiftSettings: strict),
        .target(name: "GenAI", dependencies: ["TelemetryModel"], swiftSettings: strict),
        .target(
            name: "Prices",
            dependencies: [prices, "Accounts", "GenAI", "TelemetryModel", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strict
        ),
        // Counters and histograms of the server about itself.
        .target(name: "SelfMetrics", swiftSettings: strict),
        .target(name: "Sampling", dependencies: ["TelemetryModel"], swiftSettings: strict),
        // What telemetry goes and what stays: settings and a plan, without side effects.
        .target(name: "Retention", swiftSettings: strict),
        .target(name: "Redaction", dependencies: ["TelemetryModel"], swiftSettings: strict),
        // Message bodies in pages of their own: built when a hot file is sealed, read when a query wants them.
        .target(name: "MessagePages", dependencies: ["CZstd"], swiftSettings: strict),
        .target(
            name: "Storage", dependencies: ["DuckDBKit", "TelemetryModel", "GenAI", "Sampling", "Retention", "MessagePages", logging],
            swiftSettings: strict),
        .target(
            name: "Accounts",
            dependencies: [
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ],
            swiftSettings: strict
        ),
        .target(name: "SQLQuery", dependencies: ["DuckDBKit", "SelfMetrics", "Storage", "TelemetryModel", "CZstd"], swiftSettings: strict),
        .target(
            name: "Live",
            dependencies: ["SQLQuery", "Storage", "TelemetryModel", .product(name: "AsyncAlgorithms", package: "swift-async-algorithms")],
            swiftSettings: strict
        ),
        // Damaged requests for the tests and for the long run in Benchmarks.
        .target(name: "Fuzzing", dependencies: ["OTLPIngest", "GenAI", "TelemetryModel", "CZlib", "CZstd"], swiftSettings: strict),
        .target(
            name: "Ingest",
            dependencies: [wire, "OTLPIngest", "GenAI", "Prices", "Redaction", "SelfMetrics", "Storage", "TelemetryModel"],
            swiftSettings: strict),
        .target(
            name: "HTTPAPI",
            dependencies: [
                "Ingest", "OTLPIngest", "GenAI", "Prices", "Redaction", "Retention", "Sampling", "SelfMetrics", "Storage", "SQLQuery",
                "Live",
                "Accounts", "TelemetryModel", logging, prices,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "AsyncAlgorithms", package: "swift-async-algorithms"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "GRPCAPI",
            dependencies: [
                "HTTPAPI", "Ingest", "OTLPIngest", "Accounts", "TelemetryModel", logging,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "HearthServer",
            dependencies: [
                "HTTPAPI", "GRPCAPI", "Ingest", "OTLPIngest", "Prices", "Retention", "Storage", "SQLQuery", "Accounts", logging,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdHTTP2", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "HearthDemo",
            dependencies: [
                wire, "CZlib",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: strict
        ),
        // Keeps the dispatch library from ending the program while there is no file descriptor left.
        .target(name: "CWithoutDescriptors"),
        // Makes jemalloc the program's allocator.
        .target(name: "CAllocator", dependencies: [.target(name: "CJemalloc", condition: .when(platforms: [.linux]))]),
        .executableTarget(
            name: "hearth",
            dependencies: [
                "CAllocator", "CWithoutDescriptors", "HearthServer", "HTTPAPI", "Ingest", "Redaction", "Retention", "Accounts",
                "HearthDemo", "Prices",
                "Storage", prices, logging,
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
        .target(name: "CAllocationCount"),
        // Counts what ingest costs per span; run by its tests.
        .executableTarget(
            name: "HotPath", dependencies: [wire, "CAllocationCount", "GenAI", "OTLPIngest", "TelemetryModel"], swiftSettings: strict),
        .testTarget(
            name: "HotPathTests", dependencies: ["HotPath"], exclude: ["thresholds.json"], swiftSettings: strict),
        .testTarget(name: "DuckDBKitTests", dependencies: ["DuckDBKit"], swiftSettings: strict),
        .testTarget(
            name: "OTLPIngestTests",
            dependencies: [
                "OTLPIngest", "Fuzzing", "TelemetryModel", "CZlib", "CZstd", wire,
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            resources: [.copy("Fixtures")],
            swiftSettings: strict
        ),
        .testTarget(name: "GenAITests", dependencies: ["GenAI", "TelemetryModel"], swiftSettings: strict),
        .testTarget(name: "PricesTests", dependencies: ["Prices", "GenAI", "OTLPIngest", "TelemetryModel"], swiftSettings: strict),
        .testTarget(name: "HearthDemoTests", dependencies: ["HearthDemo", "OTLPIngest", "GenAI", "TelemetryModel"], swiftSettings: strict),
        .testTarget(name: "GenAIFixtureTests", dependencies: ["GenAI", "OTLPIngest", "TelemetryModel"], swiftSettings: strict),
        .testTarget(
            name: "StorageTests",
            dependencies: ["Storage", "MessagePages", "DuckDBKit", "TelemetryModel", "GenAI", "Retention", "Sampling"],
            exclude: ["Fixtures", "Goldens"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "SQLQueryTests",
            dependencies: ["SQLQuery", "Storage", "DuckDBKit", "TelemetryModel", "GenAI", logging],
            exclude: ["Goldens"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "IngestTests", dependencies: ["Ingest", "OTLPIngest", "Prices", "SQLQuery", "Storage", "TelemetryModel", logging],
            swiftSettings: strict),
        .testTarget(name: "SamplingTests", dependencies: ["Sampling", "TelemetryModel"], swiftSettings: strict),
        .testTarget(name: "RetentionTests", dependencies: ["Retention"], swiftSettings: strict),
        .testTarget(name: "RedactionTests", dependencies: ["Redaction", "OTLPIngest", "TelemetryModel"], swiftSettings: strict),
        .testTarget(name: "AccountsTests", dependencies: ["Accounts"], swiftSettings: strict),
        .testTarget(
            name: "HTTPAPITests",
            dependencies: [
                "HTTPAPI", "SQLQuery", "Accounts", "Ingest", "OTLPIngest", "Prices", "Retention", "SelfMetrics", "Storage", logging,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "HearthServerTests",
            dependencies: [
                "HearthServer", logging, .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
