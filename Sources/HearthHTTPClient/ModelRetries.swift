#if HTTPClient
    /// How often requests to models are repeated after 408, 409, 429, answers from 500 on and broken connections.
    public struct ModelRetries: Sendable, Hashable {
        /// Attempts after the first one.
        public var maximumCount: Int
        /// Pause before the first repetition, doubled each time; `Retry-After` comes first.
        public var initialDelay: Duration
        /// The longest pause of those; `Retry-After` may ask for up to a minute.
        public var maximumDelay: Duration

        /// - Parameters:
        ///   - maximumCount: attempts after the first one; 0 repeats nothing.
        ///   - initialDelay: pause before the first repetition, doubled each time.
        ///   - maximumDelay: the longest of these pauses.
        public init(maximumCount: Int, initialDelay: Duration = .milliseconds(500), maximumDelay: Duration = .seconds(8)) {
            self.maximumCount = max(maximumCount, 0)
            self.initialDelay = initialDelay
            self.maximumDelay = maximumDelay
        }

        /// Nothing is repeated: recording changes nothing of what the application does.
        public static let none = ModelRetries(maximumCount: 0)
        /// Two repetitions, as the clients of providers do it.
        public static let standard = ModelRetries(maximumCount: 2)

        /// The pause before a repetition, without what spreads it.
        func delay(before number: Int, asked: Duration?) -> Duration {
            if let asked { return min(asked, .seconds(60)) }
            return min(initialDelay * (1 << min(number - 1, 16)), maximumDelay)
        }

        /// What the headers `retry-after-ms` and `retry-after` ask for.
        static func asked(_ header: (String) -> String?) -> Duration? {
            if let text = header("retry-after-ms"), let value = Double(text), value >= 0, value.isFinite {
                return .milliseconds(min(value, 1e9))
            }
            if let text = header("retry-after"), let value = Double(text), value >= 0, value.isFinite { return .seconds(min(value, 1e6)) }
            return nil
        }
    }
#endif
