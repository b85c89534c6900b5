// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "quickstart",
    platforms: [.macOS(.v26)],
    dependencies: [.package(name: "hearth", path: "../..")],
    // Faults is no example: input and surroundings that are not as they should be, for the conformance suite.
    targets: ["Faults", "Quickstart", "CustomMetrics", "Propagation", "Sampling"].map { name in
        .executableTarget(
            name: name,
            dependencies: [.product(name: "Hearth", package: "hearth")],
            swiftSettings: [.enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility")]
        )
    }
)
