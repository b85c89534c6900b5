/// Why a page of message bodies cannot be had.
public struct PageError: Error, Sendable, Hashable {
    /// The kind of failure.
    public enum Code: Sendable, Hashable {
        /// The file cannot be opened, read or written; the message has the system's words.
        case io
        /// The bytes are not those that were written.
        case damaged
    }

    public var code: Code
    public var message: String

    public init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    /// Whether only descriptors or memory are short.
    public var isShortage: Bool {
        code == .io && (message.contains("Too many open files") || message.contains("Cannot allocate memory"))
    }
}
