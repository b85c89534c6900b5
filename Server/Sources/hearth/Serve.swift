import ArgumentParser
import Foundation
import HearthServer

/// `hearth serve`: the whole product.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Receive, store and show telemetry.",
        discussion: """
            Serves the web UI, the query API and OTLP over HTTP on one address. Each option can also be given as an environment \
            variable: HEARTH_ and its name in capitals, such as HEARTH_DATA.
            """
    )

    @Option(help: ArgumentHelp("Folder to keep everything in. (default: ~/.local/share/hearth)", valueName: "folder"))
    var data: String?

    @Option(
        help: ArgumentHelp(
            "Address of the web UI, the API and OTLP over HTTP; port 0 takes any free one. (default: 127.0.0.1:4318)",
            valueName: "host:port"))
    var http: String?

    @Option(
        help: ArgumentHelp("Reserved for OTLP over gRPC, which this version does not serve: send OTLP over HTTP.", valueName: "host:port"))
    var grpc: String?

    @Option(
        help: ArgumentHelp(
            "Address under which clients reach the server through a proxy, for links and cookies. (default: what the request says)",
            valueName: "url"))
    var publicURL: String?

    @Flag(help: "Ask for tokens and logins on loopback too: for a server behind a proxy on the same machine.")
    var requireLogin = false

    @Option(help: ArgumentHelp("Folder of the built web bundle. (default: web beside the program)", valueName: "folder"))
    var web: String?

    @Option(help: ArgumentHelp("Largest request body, packed and unpacked. (default: 104857600)", valueName: "bytes"))
    var maxBodyBytes: Int?

    @Option(help: ArgumentHelp("Request bodies held at once before senders get 503. (default: 268435456)", valueName: "bytes"))
    var inFlightBytes: Int?

    @Option(help: ArgumentHelp("Memory the storage engine may use. (default: 402653184)", valueName: "bytes"))
    var memoryLimitBytes: Int?

    @Option(help: ArgumentHelp("Longest time a query may take. (default: 20)", valueName: "seconds"))
    var queryDeadlineSeconds: Int?

    @Option(help: ArgumentHelp("Show a span that never finished as unfinished after this time. (default: 300)", valueName: "seconds"))
    var unfinishedAfterSeconds: Int?

    @Option(
        help: ArgumentHelp(
            "Least severe messages to log: trace, debug, info, notice, warning, error, critical. (default: notice)", valueName: "level"))
    var logLevel: String?

    func run() async throws {
        do {
            let configuration = try resolve(environment: ProcessInfo.processInfo.environment)
            if grpc != nil { Terminal.warn("--grpc has no effect: this version receives OTLP over HTTP only") }
            let dataDirectory = configuration.dataDirectory
            try await HearthServer(configuration: configuration).run { listening in
                Terminal.say(Welcome.text(listening, dataDirectory: dataDirectory))
            }
        } catch {
            Terminal.warn("\(error)")
            throw ExitCode(error.code.exitCode)
        }
    }

    /// Flags win over the environment, the environment over the defaults.
    private func resolve(environment: [String: String]) throws(ServerError) -> ServerConfiguration {
        var configuration = ServerConfiguration(
            dataDirectory: data ?? DataFolder.fromEnvironment,
            webDirectory: web ?? environment["HEARTH_WEB"] ?? ProgramFolder.path + "/web")
        if let text = http ?? environment["HEARTH_HTTP"] {
            guard let address = ListenAddress(text) else { throw ServerError(.configuration, "--http must be HOST:PORT, not \(text)") }
            configuration.http = address
        }
        if let text = publicURL ?? environment["HEARTH_PUBLIC_URL"] {
            guard text.hasPrefix("http://") || text.hasPrefix("https://") else {
                throw ServerError(.configuration, "--public-url must begin with http:// or https://, not \(text)")
            }
            configuration.publicURL = text
        }
        configuration.requiresLogin = requireLogin || ["1", "true", "yes"].contains(environment["HEARTH_REQUIRE_LOGIN"]?.lowercased())
        try Self.set(&configuration.maximumBodyBytes, maxBodyBytes, environment, "MAX_BODY_BYTES", in: 1...(1 << 31 - 1))
        try Self.set(&configuration.inFlightBytes, inFlightBytes, environment, "IN_FLIGHT_BYTES", in: 1...(1 << 40))
        try Self.set(&configuration.memoryLimitBytes, memoryLimitBytes, environment, "MEMORY_LIMIT_BYTES", in: (64 << 20)...(1 << 44))
        try Self.set(&configuration.queryDeadlineSeconds, queryDeadlineSeconds, environment, "QUERY_DEADLINE_SECONDS", in: 1...3_600)
        try Self.set(
            &configuration.unfinishedAfterSeconds, unfinishedAfterSeconds, environment, "UNFINISHED_AFTER_SECONDS", in: 1...604_800)
        configuration.logLevel = logLevel ?? environment["HEARTH_LOG_LEVEL"] ?? configuration.logLevel
        return configuration
    }

    private static func set(
        _ setting: inout Int, _ flag: Int?, _ environment: [String: String], _ name: String, in range: ClosedRange<Int>
    ) throws(ServerError) {
        let value: Int
        if let flag {
            value = flag
        } else if let text = environment["HEARTH_\(name)"] {
            guard let number = Int(text) else { throw ServerError(.configuration, "HEARTH_\(name) must be an integer, not \(text)") }
            value = number
        } else {
            return
        }
        guard range.contains(value) else {
            let flagName = "--" + name.lowercased().replacingOccurrences(of: "_", with: "-")
            throw ServerError(.configuration, "\(flagName) must be between \(range.lowerBound) and \(range.upperBound), not \(value)")
        }
        setting = value
    }
}
