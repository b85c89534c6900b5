import ArgumentParser
import Foundation
import HearthServer

/// `hearth serve`: the whole product.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Receive, store and show telemetry.",
        discussion: """
            Serves the web UI, the query API and OTLP over HTTP on one address, OTLP over gRPC on another. Each option can also be given as an environment \
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
        help: ArgumentHelp(
            "Address of OTLP over gRPC; port 0 takes any free one, off disables it. (default: port 4317 of the host of --http)",
            valueName: "host:port"))
    var grpc: String?

    @Option(
        help: ArgumentHelp(
            "Address under which clients reach the server through a proxy, for links and cookies. (default: what the request says)",
            valueName: "url"))
    var publicURL: String?

    @Flag(help: "Ask for tokens and logins on loopback too: for a server behind a proxy on the same machine.")
    var requireLogin = false

    @Option(
        name: .customLong("tls-cert"),
        help: ArgumentHelp("PEM file of a certificate and its chain; with --tls-key the server speaks TLS only.", valueName: "file"))
    var tlsCertificate: String?

    @Option(name: .customLong("tls-key"), help: ArgumentHelp("PEM file of the certificate's private key.", valueName: "file"))
    var tlsKey: String?

    @Option(
        name: .customLong("allowed-host"),
        help: ArgumentHelp("Answer only for this host name (repeatable). On loopback: for this name too.", valueName: "name"))
    var allowedHosts: [String] = []

    @Option(
        name: .customLong("cors-origin"),
        help: ArgumentHelp("Let scripts of this site send OTLP from the browser (repeatable; * is every site).", valueName: "origin"))
    var corsOrigins: [String] = []

    @Option(help: ArgumentHelp("Folder of the built web bundle. (default: web beside the program)", valueName: "folder"))
    var web: String?

    @Option(help: ArgumentHelp("Largest request body, packed and unpacked. (default: 104857600)", valueName: "bytes"))
    var maxBodyBytes: Int?

    @Option(help: ArgumentHelp("Request bodies held at once before senders get 503. (default: 268435456)", valueName: "bytes"))
    var inFlightBytes: Int?

    @Option(help: ArgumentHelp("Memory the storage engine may use. (default: 184549376)", valueName: "bytes"))
    var memoryLimitBytes: Int?

    @Option(help: ArgumentHelp("Longest time a query may take. (default: 20)", valueName: "seconds"))
    var queryDeadlineSeconds: Int?

    @Option(help: ArgumentHelp("Most rows a query may ask for. (default: 10000)", valueName: "rows"))
    var maxQueryRows: Int?

    @Option(help: ArgumentHelp("Largest answer to a query. (default: 67108864)", valueName: "bytes"))
    var maxQueryBytes: Int?

    @Option(help: ArgumentHelp("Show a span that never finished as unfinished after this time. (default: 300)", valueName: "seconds"))
    var unfinishedAfterSeconds: Int?

    @Flag(help: "Keep names and levels of plain OpenTelemetry spans as sent; no messages such as GET /items from attributes.")
    var noDerivedMessages = false

    @Option(
        help: ArgumentHelp(
            "Least severe messages to log: trace, debug, info, notice, warning, error, critical. (default: notice)", valueName: "level"))
    var logLevel: String?

    @OptionGroup(title: "Retention")
    var retention: RetentionOptions

    @OptionGroup(title: "Storage (expert)")
    var storage: StorageOptions

    func run() async throws {
        do {
            let configuration = try resolve(environment: ProcessInfo.processInfo.environment)
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
        configuration.publicURL = publicURL ?? environment["HEARTH_PUBLIC_URL"]
        configuration.requiresLogin = requireLogin || Self.isOn(environment["HEARTH_REQUIRE_LOGIN"])
        configuration.grpc = try grpcAddress(grpc ?? environment["HEARTH_GRPC"], http: configuration.http)
        configuration.tlsCertificate = tlsCertificate ?? environment["HEARTH_TLS_CERT"]
        configuration.tlsKey = tlsKey ?? environment["HEARTH_TLS_KEY"]
        configuration.allowedHosts = Self.list(allowedHosts, environment["HEARTH_ALLOWED_HOSTS"])
        configuration.corsOrigins = Self.list(corsOrigins, environment["HEARTH_CORS_ORIGINS"])
        try Self.set(&configuration.maximumBodyBytes, maxBodyBytes, environment, "MAX_BODY_BYTES", in: 1...(1 << 31 - 1))
        try Self.set(&configuration.inFlightBytes, inFlightBytes, environment, "IN_FLIGHT_BYTES", in: 1...(1 << 40))
        try Self.set(&configuration.memoryLimitBytes, memoryLimitBytes, environment, "MEMORY_LIMIT_BYTES", in: (64 << 20)...(1 << 44))
        try Self.set(&configuration.queryDeadlineSeconds, queryDeadlineSeconds, environment, "QUERY_DEADLINE_SECONDS", in: 1...3_600)
        try Self.set(&configuration.maximumQueryRows, maxQueryRows, environment, "MAX_QUERY_ROWS", in: 10_000...1_000_000_000)
        try Self.set(&configuration.maximumQueryBytes, maxQueryBytes, environment, "MAX_QUERY_BYTES", in: (1 << 20)...(1 << 40))
        try Self.set(
            &configuration.unfinishedAfterSeconds, unfinishedAfterSeconds, environment, "UNFINISHED_AFTER_SECONDS", in: 1...604_800)
        try retention.apply(to: &configuration, environment: environment)
        try storage.apply(to: &configuration, environment: environment)
        configuration.derivesMessages = !(noDerivedMessages || Self.isOn(environment["HEARTH_NO_DERIVED_MESSAGES"]))
        configuration.logLevel = logLevel ?? environment["HEARTH_LOG_LEVEL"] ?? configuration.logLevel
        return configuration
    }

    /// Who asks for any free HTTP port runs a server beside others, where 4317 would be taken as soon as the second one starts.
    private func grpcAddress(_ text: String?, http: ListenAddress) throws(ServerError) -> ListenAddress? {
        guard let text else { return ListenAddress(host: http.host, port: http.port == 0 ? 0 : 4_317) }
        if text.lowercased() == "off" { return nil }
        guard let address = ListenAddress(text) else { throw ServerError(.configuration, "--grpc must be HOST:PORT or off, not \(text)") }
        return address
    }

    private static func isOn(_ variable: String?) -> Bool { ["1", "true", "yes"].contains(variable?.lowercased()) }

    /// The values of a repeatable flag, else those of a comma list.
    private static func list(_ flags: [String], _ variable: String?) -> [String] {
        if !flags.isEmpty { return flags }
        return (variable ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    static func set(
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
