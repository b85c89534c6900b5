/// Why the demonstration could not go on.
public struct DemoError: Error, Sendable, CustomStringConvertible {
    public enum Code: Sendable, Hashable {
        /// Nothing listens at the address.
        case unreachable
        /// The server said no, in a way that repeating cannot change.
        case refused
        /// The server stayed busy (429 or 503) for too long.
        case busy
        /// The connection broke, or what came back was not HTTP.
        case connection
    }

    public var code: Code
    /// A sentence for people.
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
