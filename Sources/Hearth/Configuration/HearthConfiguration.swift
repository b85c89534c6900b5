/// What `Hearth.configure` is told. Nil means: from the environment, the credentials file or a default.
public struct HearthConfiguration: Sendable {
    /// Write token, or several separated by commas, each of which gets everything. `LOGFIRE_TOKEN`.
    public var token: String?
    /// Address of the server. `LOGFIRE_BASE_URL`; `http://127.0.0.1:4318` otherwise.
    public var baseURL: String?
    /// Whether spans are sent to that server. `LOGFIRE_SEND_TO_LOGFIRE`; always otherwise.
    public var send: SendPolicy?
    /// `LOGFIRE_SERVICE_NAME`, `OTEL_SERVICE_NAME`; `unknown_service:` and the program's name otherwise.
    public var serviceName: String?
    /// `LOGFIRE_SERVICE_VERSION`; the commit of the repository around the program otherwise.
    public var serviceVersion: String?
    /// `LOGFIRE_ENVIRONMENT`: becomes `deployment.environment.name`.
    public var environment: String?
    /// Added to what `OTEL_RESOURCE_ATTRIBUTES`, `LOGFIRE_RESOURCE_ATTRIBUTES` and detection give.
    public var resourceAttributes: Attributes = [:]
    /// Whether process, host, operating system, container and repository are looked up.
    public var detectsResource = true
    /// Further destinations, each of which gets everything. `OTEL_EXPORTER_OTLP_ENDPOINT` adds one.
    public var destinations: [Destination] = []
    /// Lines on the terminal. `LOGFIRE_CONSOLE…`; on when standard error is a terminal.
    public var console: ConsoleOptions?
    /// Which traces are recorded. `LOGFIRE_TRACE_SAMPLE_RATE`, `OTEL_TRACES_SAMPLER`; all otherwise.
    public var sampler: Sampler?
    /// Which of the recorded traces are sent, decided by what happened in them; nil sends all.
    public var tailSampling: TailSampling?
    /// What is replaced before it leaves the process; nil leaves everything as it is.
    public var scrubbing: ScrubbingOptions? = ScrubbingOptions()
    /// `OTEL_SPAN_…_LIMIT`, `OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT`.
    public var limits: SpanLimits?
    /// Spans and logs below it are not made. `LOGFIRE_MIN_LEVEL`; all are made otherwise.
    public var minimumLevel: Level?
    /// Whether open spans are shown before they end. `LOGFIRE_PENDING_SPANS`; true otherwise.
    public var pendingSpans: Bool?
    /// `OTEL_BSP_…`.
    public var batch: BatchOptions?
    /// How metrics are collected and sent.
    public var metrics = MetricsOptions()
    /// Where requests wait on disk for a server that does not take them; nil keeps them in memory alone.
    public var spool: SpoolOptions?
    /// Whether baggage becomes attributes of spans.
    public var addsBaggageToAttributes = true
    /// Whether traces of callers are continued. `LOGFIRE_DISTRIBUTED_TRACING`; true otherwise.
    public var distributedTracing: Bool?
    /// How long the end of the process may wait for what is not yet delivered.
    public var exitTimeout: Duration = .seconds(10)
    /// Folder of the credentials file. `LOGFIRE_CREDENTIALS_DIR`; `.logfire` otherwise.
    public var credentialsDirectory: String?

    /// Everything from the environment, the credentials file or defaults.
    public init() {}
}

/// Whether spans are sent to the server of ``HearthConfiguration/baseURL``.
public enum SendPolicy: Sendable, Hashable {
    /// Whether or not there is a token, which a server without accounts does not ask for.
    case always
    /// Nothing is sent there; other destinations still get everything.
    case never
    /// Only when a token was found.
    case ifTokenPresent
}

/// A place that gets every span.
public enum Destination: Sendable {
    /// A Hearth or Logfire server, with its write token.
    case hearth(baseURL: String, token: String?)
    /// Any receiver of OTLP over HTTP: `/v1/traces` is added to the address.
    case otlp(endpoint: String, headers: [String: String])
    /// A file, to which requests are appended, each behind its length in four bytes: `hearth import` reads it.
    case file(path: String)
    /// The memory of the process, for tests.
    case memory(InMemoryExporter)
}

/// How many spans wait, and how long.
public struct BatchOptions: Sendable, Hashable {
    /// Finished spans that may wait in memory, at least 1; more are dropped and counted. `OTEL_BSP_MAX_QUEUE_SIZE`.
    public var maximumQueuedSpans = 65_536
    /// Spans of one request, at least 1. `OTEL_BSP_MAX_EXPORT_BATCH_SIZE`.
    public var maximumBatchSpans = 2048
    /// How long a span waits for others, not negative. The first ten batches go after 100 ms at the latest. `OTEL_BSP_SCHEDULE_DELAY`.
    public var delay: Duration = .milliseconds(500)
    /// Time for one request, more than zero. `OTEL_EXPORTER_OTLP_TIMEOUT`.
    public var timeout: Duration = .seconds(10)
    /// Encoded bytes that may wait for each destination, at least 1; also the bytes of finished spans that wait for the export thread.
    public var maximumQueuedBytes = 64 * 1024 * 1024

    /// The defaults.
    public init() {}
}

/// A folder in which requests survive the end of the process; the next process with the same destinations sends them.
public struct SpoolOptions: Sendable, Hashable {
    /// Made when it is needed, readable by its owner alone. Processes may share it.
    public var folder: String
    /// Bytes of all requests that wait for one destination and signal, at least 1; what comes beyond is dropped and counted.
    public var maximumBytes: Int

    /// - Parameters:
    ///   - folder: its path.
    ///   - maximumBytes: bytes that may wait for one destination and signal; 256 MiB by default.
    public init(folder: String, maximumBytes: Int = 256 * 1024 * 1024) {
        self.folder = folder
        self.maximumBytes = maximumBytes
    }
}

/// What one span may hold, each number at least 0; more is dropped and counted.
public struct SpanLimits: Sendable, Hashable {
    /// Attributes of a span or log: `OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT`, 128 otherwise.
    public var attributes = 128
    /// Events of a span: `OTEL_SPAN_EVENT_COUNT_LIMIT`, 128 otherwise.
    public var events = 128
    /// Links of a span: `OTEL_SPAN_LINK_COUNT_LIMIT`, 128 otherwise.
    public var links = 128
    /// Characters (Unicode scalars) of a text in attributes of spans, events and links, of the text of a status, and of a message that was set;
    /// the rest is cut off.
    public var valueLength = 4 * 1024 * 1024

    /// 128 of each.
    public init() {}
}

/// What is looked for by scrubbing.
public struct ScrubbingOptions: Sendable, Hashable {
    /// Words besides the built-in ones, in any case, of two characters at least; a blank stands for an optional `.`, `_`, `-` or blank.
    public var extraWords: [String] = []

    /// The built-in words and these.
    public init(extraWords: [String] = []) {
        self.extraWords = extraWords
    }
}

/// A value that `Hearth.configure` cannot use.
public struct ConfigurationError: Error, Sendable, CustomStringConvertible {
    /// What is wrong.
    public struct Code: Sendable, Hashable {
        private enum Value { case invalidAddress, secureTransportMissing, invalidHeader, invalidValue }
        private let value: Value
        /// An address cannot be read.
        public static let invalidAddress = Code(value: .invalidAddress)
        /// `https` needs the trait `HTTPClient`.
        public static let secureTransportMissing = Code(value: .secureTransportMissing)
        /// A header's name or value is not allowed.
        public static let invalidHeader = Code(value: .invalidHeader)
        /// A setting has a value that cannot be read.
        public static let invalidValue = Code(value: .invalidValue)
    }

    /// What is wrong, for code that has to decide.
    public let code: Code
    /// One sentence with the setting, its value and what to do; no secrets.
    public let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
