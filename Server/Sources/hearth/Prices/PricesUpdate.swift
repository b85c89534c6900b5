import ArgumentParser
import Foundation
import NIOHTTP1

/// `hearth prices update`
struct PricesUpdate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Use a new version of the price data.",
        discussion: """
            The file is a JSON array of providers in version 2 of the genai-prices format. All of it is checked before anything changes; \
            earlier versions are kept. Calls that are stored already keep their cost: see hearth prices recompute.
            """
    )

    @Option(help: ArgumentHelp("The data file.", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("A name for the version. (default: the day and the beginning of the file's hash)", valueName: "name"))
    var name: String?

    @OptionGroup var server: ServerOptions

    func run() async throws {
        guard let data = FileManager.default.contents(atPath: file) else {
            Terminal.warn("the file \(file) cannot be read")
            throw ExitCode.failure
        }
        try await server.run { client in
            let body = try await client.send(.POST, "/api/v1/prices/versions" + URLQuery.text(["name": name]), body: [UInt8](data))
            try server.say(body, WrittenVersion.self) { version in
                "Price data \(version.name) is in use: \(version.models) models of \(version.providers) providers."
            }
        }
    }
}

struct WrittenVersion: Decodable {
    var name: String
    var sha256: String
    var providers: Int
    var models: Int
    var installedAt: String?
    var isActive: Bool
    var isBundled: Bool
}

/// `hearth prices versions`
struct PricesVersions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "versions", abstract: "List the versions of the price data, or go back to one of them.")

    @Option(help: ArgumentHelp("Use this version from now on.", valueName: "name"))
    var use: String?

    @OptionGroup var server: ServerOptions

    private struct Answer: Decodable { var versions: [WrittenVersion] }

    func run() async throws {
        try await server.run { client in
            if let use {
                let body = try await client.send(.POST, "/api/v1/prices/versions/\(URLQuery.escaped(use))/activate", body: Array("{}".utf8))
                return try server.say(body, WrittenVersion.self) { "Price data \($0.name) is in use." }
            }
            let body = try await client.send(.GET, "/api/v1/prices/versions")
            try server.say(body, Answer.self) { answer in
                TextTable.of(
                    ["", "version", "models", "installed", "sha256"],
                    answer.versions.map { version in
                        [
                            version.isActive ? "*" : "", version.name, "\(version.models)",
                            version.isBundled ? "part of the program" : version.installedAt ?? "—", String(version.sha256.prefix(16)),
                        ]
                    }, empty: "")
            }
        }
    }
}
