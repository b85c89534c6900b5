// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "quickstart",
    platforms: [.macOS(.v26)],
    dependencies: [.package(name: "hearth", path: "../..")],
    targets: [
        .executableTarget(
            name: "Quickstart",
            dependencies: [.product(name: "Hearth", package: "hearth")],
            swiftSettings: [.enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility")]
        )
    ]
)
