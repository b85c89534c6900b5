#if Configuration
    public import Configuration
    public import Hearth

    extension HearthConfiguration {
        /// Takes what a reader of swift-configuration knows; what it does not know comes from the environment, the credentials file or a default.
        ///
        /// ```swift
        /// let config = ConfigReader(provider: EnvironmentVariablesProvider())
        /// try Hearth.configure(config: config.scoped(to: "hearth")) { $0.serviceName = "shop" }
        /// ```
        ///
        /// Of a group (`console`, `limits`, `batch`) each key that the reader does not know is still the environment's.
        ///
        /// | key | type | default | secret |
        /// |---|---|---|---|
        /// | `token` | text, several separated by commas | `LOGFIRE_TOKEN` | yes |
        /// | `baseURL` | text | `LOGFIRE_BASE_URL` | |
        /// | `send` | `always`, `never`, `if-token-present` | `LOGFIRE_SEND_TO_LOGFIRE` | |
        /// | `serviceName` | text | `LOGFIRE_SERVICE_NAME` | |
        /// | `serviceVersion` | text | `LOGFIRE_SERVICE_VERSION` | |
        /// | `environment` | text | `LOGFIRE_ENVIRONMENT` | |
        /// | `resourceAttributes` | list of `name=value` | none | |
        /// | `detectsResource` | flag | true | |
        /// | `otlp.endpoint` | text: a further receiver of OTLP over HTTP, with its path | none | |
        /// | `otlp.headers` | list of `name=value` | none | yes |
        /// | `console` | flag | on a terminal | |
        /// | `console.colors` | `auto`, `always`, `never` | `auto` | |
        /// | `console.showsTimes`, `console.isVerbose` | flag | see `ConsoleOptions` | |
        /// | `console.minimumLevel` | name of a level | see `ConsoleOptions` | |
        /// | `sampling.rate` | number from 0 to 1 | `LOGFIRE_TRACE_SAMPLE_RATE` | |
        /// | `tailSampling.level` | name of a level | none | |
        /// | `tailSampling.duration` | number, seconds | none | |
        /// | `tailSampling.backgroundRate` | number from 0 to 1 | 0 | |
        /// | `scrubbing` | flag | true | |
        /// | `scrubbing.extraWords` | list of texts | none | |
        /// | `limits.attributes`, `limits.events`, `limits.links` | whole number | 128 | |
        /// | `minimumLevel` | name of a level | `LOGFIRE_MIN_LEVEL` | |
        /// | `pendingSpans` | flag | `LOGFIRE_PENDING_SPANS` | |
        /// | `distributedTracing` | flag | `LOGFIRE_DISTRIBUTED_TRACING` | |
        /// | `addsBaggageToAttributes` | flag | true | |
        /// | `batch.maximumQueuedSpans`, `batch.maximumBatchSpans`, `batch.maximumQueuedBytes` | whole number | see `BatchOptions` | |
        /// | `batch.delay`, `batch.timeout` | number, seconds | 0.5, 10 | |
        /// | `exitTimeout` | number, seconds | 10 | |
        /// | `credentialsDirectory` | text | `.logfire` | |
        ///
        /// - Throws: `ConfigurationError` for a value of another type or out of its range; it names the key.
        public init(config: ConfigReader) throws(ConfigurationError) {
            self.init()
            let keys = ConfigKeys(config)
            token = try keys.text("token", isSecret: true)
            baseURL = try keys.text("baseURL")
            send = try keys.choice("send", ["always": .always, "never": .never, "if-token-present": .ifTokenPresent])
            serviceName = try keys.text("serviceName")
            serviceVersion = try keys.text("serviceVersion")
            environment = try keys.text("environment")
            for (name, value) in try keys.pairs("resourceAttributes") { resourceAttributes[name] = .string(value) }
            detectsResource = try keys.flag("detectsResource") ?? detectsResource
            if let endpoint = try keys.text("otlp.endpoint") {
                let headers = Dictionary(try keys.pairs("otlp.headers", isSecret: true), uniquingKeysWith: { $1 })
                destinations = [.otlp(endpoint: endpoint, headers: headers)]
            }
            console = try keys.console()
            sampler = try keys.rate("sampling.rate").map(Sampler.ratio)
            tailSampling = try keys.tailSampling()
            if try keys.flag("scrubbing") == false {
                scrubbing = nil
            } else if let words = try keys.list("scrubbing.extraWords") {
                scrubbing = ScrubbingOptions(extraWords: words)
            }
            limits = try keys.limits()
            minimumLevel = try keys.level("minimumLevel")
            pendingSpans = try keys.flag("pendingSpans")
            distributedTracing = try keys.flag("distributedTracing")
            addsBaggageToAttributes = try keys.flag("addsBaggageToAttributes") ?? addsBaggageToAttributes
            batch = try keys.batch()
            exitTimeout = try keys.seconds("exitTimeout") ?? exitTimeout
            credentialsDirectory = try keys.text("credentialsDirectory")
        }
    }

    extension Hearth {
        /// Begins recording with what a reader of swift-configuration knows; code comes before the reader, the reader before the environment and
        /// the credentials file.
        ///
        /// The keys are those of `HearthConfiguration(config:)`.
        /// - Throws: `ConfigurationError` when a value cannot be used; nothing is changed then.
        public static func configure(config: ConfigReader, _ body: (inout HearthConfiguration) throws -> Void = { _ in }) throws {
            var configuration = try HearthConfiguration(config: config)
            try body(&configuration)
            try configure(configuration)
        }
    }
#endif
