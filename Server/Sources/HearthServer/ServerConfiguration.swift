public import Retention

/// Where the server listens.
public struct ListenAddress: Sendable, Equatable {
    public var host: String
    /// 0 means any free port; the one taken is printed.
    public var port: Int

    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `HOST:PORT`, `[IPv6]:PORT` or `PORT`; nil when `text` is none of them.
    public init?(_ text: String) {
        if let port = Int(text) {
            guard (0...65_535).contains(port) else { return nil }
            self.init(host: "127.0.0.1", port: port)
            return
        }
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]), (0...65_535).contains(port) else {
            return nil
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard !host.isEmpty else { return nil }
        self.init(host: host, port: port)
    }

    /// Whether only programs on this machine can connect.
    public var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }

    /// The address as it stands in a URL.
    public func urlAuthority(port: Int) -> String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// The server's settings. Each comes from a flag of `hearth serve`, else the environment variable, else the default.
///
/// | flag | environment | default |
/// |---|---|---|
/// | `--data` | `HEARTH_DATA` | `~/.local/share/hearth` |
/// | `--http` | `HEARTH_HTTP` | `127.0.0.1:4318` |
/// | `--public-url` | `HEARTH_PUBLIC_URL` | what the request says |
/// | `--require-login` | `HEARTH_REQUIRE_LOGIN` | only when not on loopback |
/// | `--grpc` | `HEARTH_GRPC` | port 4317 of the host of `--http`; any free port when `--http` asks for any; `off` disables |
/// | `--tls-cert` | `HEARTH_TLS_CERT` | none: plain text |
/// | `--tls-key` | `HEARTH_TLS_KEY` | none |
/// | `--allowed-host` (repeatable) | `HEARTH_ALLOWED_HOSTS` (comma list) | loopback names on loopback, else every name |
/// | `--cors-origin` (repeatable) | `HEARTH_CORS_ORIGINS` (comma list) | none |
/// | `--web` | `HEARTH_WEB` | `web` beside the program |
/// | `--max-body-bytes` | `HEARTH_MAX_BODY_BYTES` | 104857600 |
/// | `--in-flight-bytes` | `HEARTH_IN_FLIGHT_BYTES` | 268435456 |
/// | `--memory-limit-bytes` | `HEARTH_MEMORY_LIMIT_BYTES` | 184549376 |
/// | `--query-deadline-seconds` | `HEARTH_QUERY_DEADLINE_SECONDS` | 20 |
/// | `--max-query-rows` | `HEARTH_MAX_QUERY_ROWS` | 10000 |
/// | `--max-query-bytes` | `HEARTH_MAX_QUERY_BYTES` | 67108864 |
/// | `--unfinished-after-seconds` | `HEARTH_UNFINISHED_AFTER_SECONDS` | 300 |
/// | `--storage-rotation-bytes` (expert) | `HEARTH_STORAGE_ROTATION_BYTES` | 25165824 |
/// | `--storage-rotation-seconds` (expert) | `HEARTH_STORAGE_ROTATION_SECONDS` | 3600 |
/// | `--storage-idle-seconds` (expert) | `HEARTH_STORAGE_IDLE_SECONDS` | 10 |
/// | `--storage-idle-rotation-bytes` (expert) | `HEARTH_STORAGE_IDLE_ROTATION_BYTES` | 524288 |
/// | `--retention-days` | `HEARTH_RETENTION_DAYS` | all |
/// | `--disk-budget-bytes` | `HEARTH_DISK_BUDGET_BYTES` | no limit |
/// | `--no-derived-messages` | `HEARTH_NO_DERIVED_MESSAGES` | messages are derived |
/// | `--log-level` | `HEARTH_LOG_LEVEL` | `notice` |
public struct ServerConfiguration: Sendable {
    /// Folder of everything the server keeps.
    public var dataDirectory: String
    public var http: ListenAddress
    /// `scheme://host[:port]` under which clients reach the server through a proxy; nil: what the request says.
    public var publicURL: String?
    /// Ask for tokens and logins on loopback too: for a server behind a proxy on the same machine.
    public var requiresLogin: Bool
    /// Where OTLP over gRPC is received; nil switches it off.
    public var grpc: ListenAddress?
    /// PEM file of the certificate chain; with ``tlsKey`` both listeners speak TLS only.
    public var tlsCertificate: String?
    /// PEM file of the certificate's private key.
    public var tlsKey: String?
    /// Host names the server answers for; empty means every name, on loopback only loopback names.
    public var allowedHosts: [String] = []
    /// Origins whose scripts may send OTLP; `*` is every origin.
    public var corsOrigins: [String] = []
    /// Folder of the built web bundle.
    public var webDirectory: String
    /// Bytes; limit of a request body, packed and unpacked. 100 MiB by default (`logfire-contract.md` §2.3).
    public var maximumBodyBytes: Int
    /// Bytes of request bodies held at once; above it requests get 503 (`acceptance.md` D8).
    public var inFlightBytes: Int
    /// Bytes the storage engine may use for its buffers.
    public var memoryLimitBytes: Int
    /// Seconds a query may take.
    public var queryDeadlineSeconds: Int
    /// Rows that a query may ask for, and bytes that its answer may have.
    public var maximumQueryRows: Int
    public var maximumQueryBytes: Int
    /// Seconds after which a span that was never finished is shown as unfinished.
    public var unfinishedAfterSeconds: Int
    /// Bytes and seconds at which rows go from the log to their final files, the seconds without data and the bytes of a log for which
    /// that happens too. Expert settings: the defaults suit every load.
    public var storageRotationBytes = 24 << 20
    public var storageRotationSeconds = 3_600
    public var storageIdleSeconds = 10
    public var storageIdleRotationBytes = 512 << 10
    /// How long telemetry is kept, and how much of it; everything by default.
    public var retention = RetentionLimits()
    /// Give spans that come without a message one from their HTTP and database attributes, and a level by status
    /// (`logfire-contract.md` §3.2).
    public var derivesMessages = true
    public var logLevel: String

    public init(dataDirectory: String, webDirectory: String) {
        self.dataDirectory = dataDirectory
        self.webDirectory = webDirectory
        requiresLogin = false
        http = ListenAddress(host: "127.0.0.1", port: 4_318)
        grpc = ListenAddress(host: "127.0.0.1", port: 4_317)
        maximumBodyBytes = 100 << 20
        inFlightBytes = 256 << 20
        memoryLimitBytes = 176 << 20
        queryDeadlineSeconds = 20
        maximumQueryRows = 10_000
        maximumQueryBytes = 64 << 20
        unfinishedAfterSeconds = 300
        logLevel = "notice"
    }

    /// Whether requests without a login belong to the person at the machine: when no address can be reached from elsewhere,
    /// unless told otherwise.
    public var trustsLoopback: Bool { http.isLoopback && grpc?.isLoopback != false && !requiresLogin }
}
