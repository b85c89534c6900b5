extension Hearth {
    /// What a span is to the trace: OpenTelemetry's span kind.
    public enum SpanKind: UInt8, Sendable {
        /// Work inside of a process.
        case `internal` = 1
        /// The answer to a request of another process.
        case server = 2
        /// A request to another process, whose answer is waited for.
        case client = 3
        /// A message that is sent, whose handling nobody waits for.
        case producer = 4
        /// The handling of a message.
        case consumer = 5
    }
}
