#if Configuration
    import Configuration
    import Hearth

    /// Reads values with errors that name the key, where a plain reader takes a value of the wrong type for none.
    struct ConfigKeys {
        private let config: ConfigReader

        init(_ config: ConfigReader) {
            self.config = config
        }

        func text(_ key: ConfigKey, isSecret: Bool = false) throws(ConfigurationError) -> String? {
            if let value = config.string(forKey: key, isSecret: isSecret) { return value.isEmpty ? nil : value }
            try checkAbsent(key, isSecret: isSecret, "text")
            return nil
        }

        func flag(_ key: ConfigKey) throws(ConfigurationError) -> Bool? {
            if let value = config.bool(forKey: key) { return value }
            try checkAbsent(key, "true or false")
            return nil
        }

        func count(_ key: ConfigKey) throws(ConfigurationError) -> Int? {
            guard let value = config.int(forKey: key) else {
                try checkAbsent(key, "a whole number")
                return nil
            }
            guard value >= 0 else { throw invalid(key, "\(value)", "a whole number that is not negative") }
            return value
        }

        func number(_ key: ConfigKey) throws(ConfigurationError) -> Double? {
            if let value = config.double(forKey: key) { return value }
            if let value = config.int(forKey: key) { return Double(value) }
            try checkAbsent(key, "a number")
            return nil
        }

        func rate(_ key: ConfigKey) throws(ConfigurationError) -> Double? {
            guard let value = try number(key) else { return nil }
            guard (0...1).contains(value) else { throw invalid(key, "\(value)", "a number from 0 to 1") }
            return value
        }

        func seconds(_ key: ConfigKey) throws(ConfigurationError) -> Duration? {
            guard let value = try number(key) else { return nil }
            guard (0...1e9).contains(value) else { throw invalid(key, "\(value)", "a number of seconds that is not negative") }
            return .seconds(value)
        }

        func list(_ key: ConfigKey, isSecret: Bool = false) throws(ConfigurationError) -> [String]? {
            if let value = config.stringArray(forKey: key, isSecret: isSecret) { return value }
            try checkAbsent(key, isSecret: isSecret, "a list of texts")
            return nil
        }

        func pairs(_ key: ConfigKey, isSecret: Bool = false) throws(ConfigurationError) -> [(String, String)] {
            var result: [(String, String)] = []
            for pair in try list(key, isSecret: isSecret) ?? [] {
                guard let equals = pair.firstIndex(of: "="), equals > pair.startIndex else {
                    throw invalid(key, isSecret ? nil : pair, "a list of name=value")
                }
                result.append((String(pair[..<equals]), String(pair[pair.index(after: equals)...])))
            }
            return result
        }

        func choice<Value>(_ key: ConfigKey, _ values: [String: Value]) throws(ConfigurationError) -> Value? {
            guard let text = try text(key) else { return nil }
            if let value = values[text.lowercased()] { return value }
            throw invalid(key, text, values.keys.sorted().joined(separator: ", "))
        }

        func level(_ key: ConfigKey) throws(ConfigurationError) -> Level? {
            guard let text = try text(key) else { return nil }
            guard let level = Level(name: text) else { throw invalid(key, text, "trace, debug, info, notice, warn, error or fatal") }
            return level
        }

        // MARK: Groups: what the reader does not know of them is the environment's

        private var environment: EnvironmentSettings { EnvironmentSettings { ProcessEnvironment.variable($0) } }

        func console() throws(ConfigurationError) -> ConsoleOptions? {
            let isEnabled = try flag("console")
            let colors = try choice("console.colors", ["auto": ConsoleOptions.Colors.automatic, "always": .always, "never": .never])
            let showsTimes = try flag("console.showsTimes")
            let isVerbose = try flag("console.isVerbose")
            let minimumLevel = try level("console.minimumLevel")
            guard isEnabled != nil || colors != nil || showsTimes != nil || isVerbose != nil || minimumLevel != nil else { return nil }
            // How the lines look does not say whether there are any.
            let outer = try environment.console()
            guard isEnabled != nil || outer != nil else { return nil }
            var options = outer ?? ConsoleOptions()
            options.isEnabled = isEnabled ?? options.isEnabled
            options.colors = colors ?? options.colors
            options.showsTimes = showsTimes ?? options.showsTimes
            options.isVerbose = isVerbose ?? options.isVerbose
            options.minimumLevel = minimumLevel ?? options.minimumLevel
            return options
        }

        func limits() throws(ConfigurationError) -> SpanLimits? {
            let attributes = try count("limits.attributes")
            let events = try count("limits.events")
            let links = try count("limits.links")
            guard attributes != nil || events != nil || links != nil else { return nil }
            var limits = try environment.limits()
            limits.attributes = attributes ?? limits.attributes
            limits.events = events ?? limits.events
            limits.links = links ?? limits.links
            return limits
        }

        func batch() throws(ConfigurationError) -> BatchOptions? {
            let queued = try count("batch.maximumQueuedSpans")
            let spans = try count("batch.maximumBatchSpans")
            let bytes = try count("batch.maximumQueuedBytes")
            let delay = try seconds("batch.delay")
            let timeout = try seconds("batch.timeout")
            guard queued != nil || spans != nil || bytes != nil || delay != nil || timeout != nil else { return nil }
            var options = try environment.batch()
            options.maximumQueuedSpans = queued ?? options.maximumQueuedSpans
            options.maximumBatchSpans = spans ?? options.maximumBatchSpans
            options.maximumQueuedBytes = bytes ?? options.maximumQueuedBytes
            options.delay = delay ?? options.delay
            options.timeout = timeout ?? options.timeout
            return options
        }

        func tailSampling() throws(ConfigurationError) -> TailSampling? {
            let level = try level("tailSampling.level")
            let duration = try seconds("tailSampling.duration")
            let rate = try rate("tailSampling.backgroundRate")
            guard level != nil || duration != nil || rate != nil else { return nil }
            return TailSampling(level: level, duration: duration, backgroundRate: rate ?? 0)
        }

        // MARK: Errors

        /// A value of another type is not the same as none.
        private func checkAbsent(_ key: ConfigKey, isSecret: Bool = false, _ expected: String) throws(ConfigurationError) {
            if let text = config.string(forKey: key, isSecret: isSecret) { throw invalid(key, isSecret ? nil : text, expected) }
            if let number = config.int(forKey: key, isSecret: isSecret) { throw invalid(key, isSecret ? nil : "\(number)", expected) }
            if let number = config.double(forKey: key, isSecret: isSecret) { throw invalid(key, isSecret ? nil : "\(number)", expected) }
            if let flag = config.bool(forKey: key, isSecret: isSecret) { throw invalid(key, isSecret ? nil : "\(flag)", expected) }
            if let texts = config.stringArray(forKey: key, isSecret: isSecret) { throw invalid(key, isSecret ? nil : "\(texts)", expected) }
        }

        private func invalid(_ key: ConfigKey, _ value: String?, _ expected: String) -> ConfigurationError {
            let name = key.components.joined(separator: ".")
            return ConfigurationError(
                .invalidValue,
                value.map { "the setting \(name) is '\($0)' but must be \(expected)" } ?? "the setting \(name) must be \(expected)")
        }
    }
#endif
