import Synchronization

/// The one-time code with which the first account of a server is made; printed to the terminal once, never stored.
public final class SetupGate: Sendable {
    private let expected = Mutex<SecretHash?>(nil)

    public init() {}

    /// A new code; earlier ones are void.
    public func open() -> String {
        let code = SecretText.alphanumeric(32)
        expected.withLock { $0 = SecretHash(code) }
        return code
    }

    /// Whether `code` is the one that was printed.
    public func accepts(_ code: String) -> Bool { expected.withLock { $0 == SecretHash(code) } }

    /// The first account exists: no code is accepted any more.
    public func close() { expected.withLock { $0 = nil } }
}
