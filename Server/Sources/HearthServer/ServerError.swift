/// Why the server could not start; its description is the one sentence a person reads.
public struct ServerError: Error, CustomStringConvertible {
    /// What went wrong; the raw value is the process's exit code.
    public struct Code: Sendable, Equatable {
        /// Exit code of the process.
        public let exitCode: Int32
        /// A flag or environment variable has no usable value.
        public static let configuration = Code(exitCode: 64)
        /// The listening address is taken or not available.
        public static let addressUnavailable = Code(exitCode: 69)
        /// The data folder cannot be used.
        public static let dataFolder = Code(exitCode: 73)
        /// Anything else.
        public static let unexpected = Code(exitCode: 70)
    }

    public let code: Code
    public let description: String

    public init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
