import Synchronization

/// A way to send requests that this module does not have itself: TLS. Used by one thread.
package protocol SecureConnection: Sendable {
    /// Sends a request and waits for its answer.
    ///
    /// - Parameters:
    ///   - url: the whole address.
    ///   - bodyLimit: bytes; a longer answer is an error.
    ///   - deadline: a moment of ``SystemTime/monotonic()`` for the whole exchange.
    func post(
        _ body: [UInt8],
        url: String,
        headers: [(name: String, value: String)],
        bodyLimit: Int,
        deadline: UInt64
    ) throws(HTTPError) -> HTTPResponse
}

/// Where a module with a TLS implementation registers it.
package enum SecureTransport {
    private static let registered = Mutex<(any SecureConnection)?>(nil)

    /// Uses a transport for all `https` endpoints of senders that begin from now on; nil takes it away.
    package static func register(_ connection: (any SecureConnection)?) {
        registered.withLock { $0 = connection }
    }

    package static var connection: (any SecureConnection)? { registered.withLock { $0 } }
}
