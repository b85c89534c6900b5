// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "quickstart",
    platforms: [.macOS(.v26)],
    dependencies: [.package(name: "hearth", path: "../..")],
    targets: ["Quickstart", "CustomMetrics", "Propagation"].map { name in
        .executableTarget(
            name: name,
            dependencies: [.product(name: "Hearth", package: "hearth")],
            swiftSettings: [.enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility")]
        )
    }
)
