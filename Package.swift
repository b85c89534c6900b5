// swift-tools-version: 6.2
import PackageDescription

/// The strict settings every Hearth target is built with.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
    name: "hearth",
    platforms: [.macOS(.v26)],
    products: [
        .library(name: "Hearth", targets: ["Hearth", "HearthTracing", "HearthLogging"]),
        .library(name: "OTLPWire", targets: ["OTLPWire"]),
        .library(name: "GenAIPrices", targets: ["GenAIPrices"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-distributed-tracing.git", from: "1.7.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0"),
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
        // Bytes to a server: sockets, HTTP/1.1, retries. Knows nothing of spans.
        .target(name: "HearthExport", dependencies: ["OTLPWire"], swiftSettings: strict),
        .target(name: "OTLPWire", swiftSettings: strict),
        // The data itself: clang embeds it in no time where an array literal would take minutes.
        .target(name: "CGenAIPricesData", exclude: ["genai-prices.json", "genai-prices-units.json", "NOTICE.md"]),
        .target(name: "GenAIPrices", dependencies: ["CGenAIPricesData"], swiftSettings: strict),
        .testTarget(
            name: "HearthTests",
            dependencies: ["Hearth", "HearthExport", "HearthTracing", "HearthLogging", "OTLPWire"],
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
