/// One request whose answer is read piece by piece, as fast as the reader takes it; used by one thread at a time.
package struct HTTPExchange: ~Copyable {
    private var connection: HTTPConnection
    private var parser = HTTPResponseParser(bodyLimit: .max)
    private var buffer = [UInt8](repeating: 0, count: 64 * 1024)

    package init(to endpoint: Endpoint) {
        connection = HTTPConnection(to: endpoint)
    }

    /// Sends a request over a connection of its own.
    ///
    /// - Parameters:
    ///   - headers: without `Host`, `Content-Length` and `Connection`.
    ///   - deadline: a moment of ``SystemTime/monotonic()``.
    package mutating func begin(
        _ body: [UInt8],
        path: String,
        headers: [(name: String, value: String)],
        deadline: UInt64
    ) throws(HTTPError) {
        try connection.connect(deadline: deadline)
        try connection.send(connection.head(path, headers + [("Connection", "close")], body.count), hasMore: true, deadline: deadline)
        try connection.send(body, hasMore: false, deadline: deadline)
    }

    /// Status and headers; nil until they have come.
    package var head: HTTPResponse? { parser.hasHead ? parser.response : nil }

    /// Waits for more of the answer.
    ///
    /// - Returns: the bytes of the body that came, possibly none; nil when the answer is complete.
    /// - Throws: `timedOut` when nothing came by the deadline; the exchange can go on after that.
    package mutating func next(deadline: UInt64) throws(HTTPError) -> [UInt8]? {
        if parser.isComplete { return nil }
        let count = try connection.receive(&buffer, deadline: deadline)
        if count == 0 { try parser.end() } else { try parser.consume(buffer[..<count]) }
        return parser.takeBody()
    }
}
