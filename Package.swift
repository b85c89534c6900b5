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
        .library(name: "OTLPWire", targets: ["OTLPWire"])
    ],
    targets: [
        .target(name: "OTLPWire", swiftSettings: strict),
        .testTarget(name: "OTLPWireTests", dependencies: ["OTLPWire"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
