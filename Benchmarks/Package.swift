// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "hearth-sdk-benchmarks",
    platforms: [.macOS(.v26)],
    dependencies: [
        .package(name: "hearth", path: ".."),
        .package(url: "https://github.com/apple/swift-distributed-tracing.git", from: "1.7.0"),
    ],
    targets: [
        .executableTarget(
            name: "SpanBench",
            dependencies: [
                .product(name: "Hearth", package: "hearth"), .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]
        )
    ]
)
