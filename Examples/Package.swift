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
        .package(name: "hearth", path: "..", traits: ["HTTPClient"]),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.90.0"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
    ],
    targets: [
        .executableTarget(
            name: "MarketAgent",
            dependencies: [
                .product(name: "Hearth", package: "hearth"), .product(name: "HearthGenAI", package: "hearth"),
                .product(name: "HearthHTTPClient", package: "hearth"), .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: strict
        )
    ],
    swiftLanguageModes: [.v6]
)
