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
    name: "hearth-benchmarks",
    platforms: [.macOS(.v26)],
    dependencies: [
        .package(name: "hearth", path: "../.."),
        .package(name: "hearth-server", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    ],
    targets: [
        .executableTarget(
            name: "HearthBench",
            dependencies: [
                .product(name: "OTLPWire", package: "hearth"),
                .product(name: "OTLPIngest", package: "hearth-server"),
                .product(name: "DuckDBKit", package: "hearth-server"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "HearthFuzz",
            dependencies: [
                .product(name: "Fuzzing", package: "hearth-server"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
    ],
    swiftLanguageModes: [.v6]
)
