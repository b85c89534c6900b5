import HearthExport

/// A configuration with every value found: code before environment before credentials file before default.
struct ResolvedConfiguration {
    var destinations: [Destination] = []
    var resource: [Attribute]
    var console: ConsoleOptions?
    var sampler: Sampler
    var limits: SpanLimits
    var minimumLevel: Level
    var pendingSpans: Bool
    var distributedTracing: Bool
    var batch: BatchOptions
    /// From `TRACEPARENT`, `TRACESTATE` and `BAGGAGE`.
    var inherited: ContextExtension?
    /// Nil when metrics are switched off.
    var metrics: MetricsSettings?
    /// Where metrics go besides the destinations in code, whose addresses are those of spans.
    var metricServers: [Destination] = []
    let source: HearthConfiguration

    /// The address of a server started by `make run`.
    static let defaultBaseURL = "http://127.0.0.1:4318"

    /// - Parameter environment: looks up a variable; nil when it is not set.
    init(_ configuration: HearthConfiguration, environment: @escaping (String) -> String?) throws(ConfigurationError) {
        source = configuration
        let settings = EnvironmentSettings(environment)
        let directory = configuration.credentialsDirectory ?? environment("LOGFIRE_CREDENTIALS_DIR") ?? ".logfire"
        let credentials = try Credentials.read(directory: directory)
        sampler = try first(configuration.sampler, settings.sampler()) ?? .always
        if let chosen = configuration.limits { limits = chosen } else { limits = try settings.limits() }
        if let chosen = configuration.batch { batch = chosen } else { batch = try settings.batch() }
        metrics = try settings.metrics(configuration.metrics)
        minimumLevel = try first(configuration.minimumLevel, settings.level("LOGFIRE_MIN_LEVEL")) ?? .trace
        pendingSpans = try first(configuration.pendingSpans, settings.flag("LOGFIRE_PENDING_SPANS")) ?? true
        distributedTracing = try first(configuration.distributedTracing, settings.flag("LOGFIRE_DISTRIBUTED_TRACING")) ?? true
        console = try first(configuration.console, settings.console())
        if console?.isEnabled == false { console = nil }
        resource = ResourceDetection.attributes(configuration, settings)
        if let problem { throw ConfigurationError(.invalidValue, problem) }
        if try settings.flag("OTEL_SDK_DISABLED") == true {
            console = nil
            metrics = nil
            sampler = .never
            return
        }
        destinations = try Self.servers(configuration, settings, credentials) + configuration.destinations
        inherited = Hearth.inheritedContext(environment)
        for destination in destinations { try Self.check(destination) }
        metricServers = Self.metricServers(destinations, settings)
        for destination in metricServers { try Self.check(destination) }
    }

    private static func servers(
        _ configuration: HearthConfiguration,
        _ settings: EnvironmentSettings,
        _ credentials: Credentials?
    ) throws(ConfigurationError) -> [Destination] {
        var result: [Destination] = []
        let general = settings["OTEL_EXPORTER_OTLP_ENDPOINT"]
        let specific = settings["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"]
        let exporters = settings["OTEL_TRACES_EXPORTER"]
        if exporters != "none", general != nil || specific != nil {
            let headers = settings.headers("OTEL_EXPORTER_OTLP_TRACES_HEADERS") ?? settings.headers("OTEL_EXPORTER_OTLP_HEADERS") ?? [:]
            if let specific {
                // The address of one signal is used as it is.
                result.append(.otlp(endpoint: specific, headers: headers))
            } else if let general {
                result.append(.otlp(endpoint: general.hasSuffix("/") ? general + "v1/traces" : general + "/v1/traces", headers: headers))
            }
        }
        let token = configuration.token ?? settings["LOGFIRE_TOKEN"] ?? credentials?.token
        let tokens = (token ?? "").split(separator: ",").map { String($0.filter { $0 != " " }) }.filter { !$0.isEmpty }
        let explicit = configuration.baseURL ?? settings["LOGFIRE_BASE_URL"] ?? credentials?.baseURL
        let policy = try first(configuration.send, settings.sendPolicy()) ?? .always
        let isNamed = explicit != nil || !tokens.isEmpty || configuration.send != nil
        switch policy {
        case .never: return result
        case .ifTokenPresent where tokens.isEmpty: return result
        // Whoever names other destinations does not mean the default server as well.
        case .always where !isNamed && !(result.isEmpty && configuration.destinations.isEmpty): return result
        case .always, .ifTokenPresent: break
        }
        for token in tokens.isEmpty ? [nil] : tokens.map(Optional.some) {
            result.append(.hearth(baseURL: explicit ?? token.flatMap(region) ?? defaultBaseURL, token: token))
        }
        return result
    }

    /// The address that a token of the hosted service names.
    static func region(of token: String) -> String? {
        let parts = token.split(separator: "_")
        guard parts.count >= 4, parts[0] == "pylf", parts[2] == "us" || parts[2] == "eu" else { return nil }
        return "https://logfire-\(parts[2]).pydantic.dev"
    }

    // MARK: Senders

    private static func check(_ destination: Destination) throws(ConfigurationError) {
        _ = try sender(for: destination, BatchOptions())
    }

    /// What a sender carries.
    enum Signal: String {
        case traces
        case metrics
    }

    static func sender(
        for destination: Destination,
        _ batch: BatchOptions,
        signal: Signal = .traces,
        spool: SpoolOptions? = nil
    ) throws(ConfigurationError) -> Sender? {
        let endpoint: Endpoint
        var headers = [
            (name: "Content-Type", value: "application/x-protobuf"), (name: "User-Agent", value: "hearth-swift/\(SDKVersion.text)"),
        ]
        do throws(EndpointError) {
            switch destination {
            case .hearth(let baseURL, let token):
                endpoint = try Endpoint(baseURL).appending("/v1/\(signal.rawValue)")
                if let token { headers.append((name: "Authorization", value: token)) }
            case .otlp(let address, let more):
                endpoint = try Endpoint(address)
                headers += more.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
            case .file, .memory:
                return nil
            }
        } catch {
            throw ConfigurationError(.invalidAddress, error.description)
        }
        if endpoint.isSecure, SecureTransport.connection == nil {
            throw ConfigurationError(
                .secureTransportMissing,
                "\(endpoint.text) needs TLS, which this build does not have: enable the package trait HTTPClient and call "
                    + "Hearth.enableHTTPS() of the module HearthHTTPClient before, or send over http to a server or collector on this machine"
            )
        }
        for header in headers where !isAllowed(header.name, header.value) {
            throw ConfigurationError(
                .invalidHeader, "the header '\(header.name)' for \(endpoint.text) has a name or value that HTTP does not allow")
        }
        var configuration = Sender.Configuration(endpoint: endpoint, headers: headers)
        configuration.timeout = batch.timeout.wholeNanoseconds
        configuration.maximumRequestRecords = batch.maximumBatchSpans
        configuration.maximumQueuedBytes = batch.maximumQueuedBytes
        if let spool {
            let identity = ([endpoint.text] + headers.filter { $0.name != "User-Agent" }.map { "\($0.name):\($0.value)" }).joined(
                separator: "\n")
            configuration.spool = Spool(folder: spool.folder, identity: identity, maximumBytes: spool.maximumBytes)
        }
        return Sender(configuration)
    }

    private static func isAllowed(_ name: String, _ value: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0) || $0 == 0x2d || $0 == 0x5f
            }
            && value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }
    }

    /// The runtime of these values; `init` has checked them.
    ///
    /// - Parameter isSpare: for a child process; it collects no metrics.
    func makeRuntime(isSpare: Bool = false) throws(ConfigurationError) -> Runtime {
        var ways: [any SpanDestination] = []
        var senders: [Sender] = []
        for destination in destinations {
            switch destination {
            case .file(let path): ways.append(FileDestination(path: path))
            case .memory(let exporter): ways.append(InMemoryDestination(exporter: exporter))
            case .hearth, .otlp:
                guard let sender = try Self.sender(for: destination, batch, spool: source.spool) else { continue }
                ways.append(sender)
                senders.append(sender)
            }
        }
        let pipeline = Pipeline(
            destinations: ways,
            resource: resource,
            scrubber: source.scrubbing.map(Scrubber.init),
            tailSampling: source.tailSampling,
            options: batch,
            maximumValueLength: limits.valueLength,
            emitsPending: pendingSpans
        )
        return Runtime(
            pipeline: pipeline,
            console: console.map(Console.init),
            sampler: sampler,
            limits: limits,
            minimumLevel: minimumLevel,
            addsBaggage: source.addsBaggageToAttributes,
            acceptsRemoteParents: distributedTracing,
            exitTimeout: source.exitTimeout,
            metrics: isSpare ? nil : try makeMetricReader(pipeline: pipeline, spanSenders: senders),
            inherited: distributedTracing ? inherited : nil
        )
    }
}
