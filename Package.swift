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
        .library(name: "OTLPWire", targets: ["OTLPWire"]),
        .library(name: "GenAIPrices", targets: ["GenAIPrices"]),
    ],
    targets: [
        .target(name: "OTLPWire", swiftSettings: strict),
        // The data itself: clang embeds it in no time where an array literal would take minutes.
        .target(name: "CGenAIPricesData", exclude: ["genai-prices.json", "genai-prices-units.json", "NOTICE.md"]),
        .target(name: "GenAIPrices", dependencies: ["CGenAIPricesData"], swiftSettings: strict),
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
