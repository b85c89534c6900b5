/// Reads settings from environment variables; a value that cannot be read is an error that names the variable.
package struct EnvironmentSettings {
    private let lookup: (String) -> String?

    package init(_ lookup: @escaping (String) -> String?) {
        self.lookup = lookup
    }

    /// The value without blanks around it; nil when the variable is not set or blank.
    subscript(name: String) -> String? {
        guard let value = lookup(name) else { return nil }
        let trimmed = Self.trimmed(value[...])
        return trimmed.isEmpty ? nil : trimmed
    }

    func flag(_ name: String) throws(ConfigurationError) -> Bool? {
        guard let text = self[name] else { return nil }
        switch text.lowercased() {
        case "true", "1", "yes", "on": return true
        case "false", "0", "no", "off": return false
        default: throw Self.invalid(name, text, "true or false")
        }
    }

    func number(_ name: String) throws(ConfigurationError) -> Int? {
        guard let text = self[name] else { return nil }
        guard let number = Int(text), number >= 0 else { throw Self.invalid(name, text, "a whole number") }
        return number
    }

    func rate(_ name: String) throws(ConfigurationError) -> Double? {
        guard let text = self[name] else { return nil }
        guard let rate = Double(text), (0...1).contains(rate) else { throw Self.invalid(name, text, "a number from 0 to 1") }
        return rate
    }

    func level(_ name: String) throws(ConfigurationError) -> Level? {
        guard let text = self[name] else { return nil }
        guard let level = Level(name: text) else { throw Self.invalid(name, text, "trace, debug, info, notice, warn, error or fatal") }
        return level
    }

    func sendPolicy() throws(ConfigurationError) -> SendPolicy? {
        if self["LOGFIRE_SEND_TO_LOGFIRE"]?.lowercased() == "if-token-present" { return .ifTokenPresent }
        return try flag("LOGFIRE_SEND_TO_LOGFIRE").map { $0 ? .always : .never }
    }

    func sampler() throws(ConfigurationError) -> Sampler? {
        if let rate = try rate("LOGFIRE_TRACE_SAMPLE_RATE") { return .ratio(rate) }
        switch self["OTEL_TRACES_SAMPLER"] {
        case nil: return try rate("OTEL_TRACES_SAMPLER_ARG").map(Sampler.ratio)
        case "always_on", "parentbased_always_on": return .always
        case "always_off", "parentbased_always_off": return .never
        case "traceidratio", "parentbased_traceidratio": return .ratio(try rate("OTEL_TRACES_SAMPLER_ARG") ?? 1)
        case let other?:
            throw Self.invalid("OTEL_TRACES_SAMPLER", other, "always_on, always_off, traceidratio or one of these with parentbased_")
        }
    }

    package func limits() throws(ConfigurationError) -> SpanLimits {
        var limits = SpanLimits()
        limits.attributes = try first(number("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT"), number("OTEL_ATTRIBUTE_COUNT_LIMIT")) ?? limits.attributes
        limits.events = try number("OTEL_SPAN_EVENT_COUNT_LIMIT") ?? limits.events
        limits.valueLength =
            try first(number("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT"), number("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT")) ?? limits.valueLength
        limits.links = try number("OTEL_SPAN_LINK_COUNT_LIMIT") ?? limits.links
        return limits
    }

    package func batch() throws(ConfigurationError) -> BatchOptions {
        var options = BatchOptions()
        options.maximumQueuedSpans = try number("OTEL_BSP_MAX_QUEUE_SIZE") ?? options.maximumQueuedSpans
        options.maximumBatchSpans = try number("OTEL_BSP_MAX_EXPORT_BATCH_SIZE") ?? options.maximumBatchSpans
        if let delay = try number("OTEL_BSP_SCHEDULE_DELAY") { options.delay = .milliseconds(delay) }
        if let timeout = try first(number("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT"), number("OTEL_EXPORTER_OTLP_TIMEOUT")) {
            options.timeout = .milliseconds(timeout)
        }
        return options
    }

    package func console() throws(ConfigurationError) -> ConsoleOptions? {
        guard try flag("LOGFIRE_CONSOLE") ?? Console.isTerminal else { return nil }
        var options = ConsoleOptions()
        switch self["LOGFIRE_CONSOLE_COLORS"]?.lowercased() {
        case nil, "auto": break
        case "always": options.colors = .always
        case "never": options.colors = .never
        case let other?: throw Self.invalid("LOGFIRE_CONSOLE_COLORS", other, "auto, always or never")
        }
        options.showsTimes = try flag("LOGFIRE_CONSOLE_INCLUDE_TIMESTAMP") ?? options.showsTimes
        options.isVerbose = try flag("LOGFIRE_CONSOLE_VERBOSE") ?? options.isVerbose
        options.minimumLevel = try level("LOGFIRE_CONSOLE_MIN_LOG_LEVEL") ?? options.minimumLevel
        return options
    }

    /// `name=value` pairs separated by commas, values percent-encoded.
    func headers(_ name: String) -> [String: String]? {
        guard let text = self[name] else { return nil }
        return Dictionary(Self.pairs(text), uniquingKeysWith: { $1 })
    }

    /// Reads `name=value,name=value` with percent-encoded values; what has no equals sign is passed over.
    static func pairs(_ text: String) -> [(String, String)] {
        text.split(separator: ",").compactMap { pair in
            guard let equals = pair.firstIndex(of: "=") else { return nil }
            let name = trimmed(pair[..<equals])
            let value = PercentCoding.decode(trimmed(pair[pair.index(after: equals)...]))
            return name.isEmpty ? nil : (name, value)
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    static func invalid(_ name: String, _ value: String, _ expected: String) -> ConfigurationError {
        ConfigurationError(.invalidValue, "the environment variable \(name) is '\(value)' but must be \(expected)")
    }
}

/// The first value that is there; `??` cannot keep the type of errors.
func first<Value>(
    _ value: Value?,
    _ other: @autoclosure () throws(ConfigurationError) -> Value?
) throws(ConfigurationError) -> Value? {
    if let value { value } else { try other() }
}
