import NIOCore
import NIOHTTP1
import NIOPosix

/// What the server answered.
struct HTTPAnswer: Sendable {
    var status: Int
    /// Seconds of a `Retry-After` header.
    var retryAfter: Double?
    /// The body's beginning, as text.
    var body: String
    /// The server keeps the connection.
    var keepsAlive: Bool
}

/// One HTTP/1.1 connection that is used for one request after the other.
struct HTTPConnection: Sendable {
    private let channel: any Channel
    private let authority: String

    static func connect(to endpoint: HTTPEndpoint) async throws -> HTTPConnection {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.seconds(3))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(ExchangeHandler())
                }
            }
            .connect(host: endpoint.host, port: endpoint.port)
            .get()
        return HTTPConnection(channel: channel, authority: endpoint.authority)
    }

    var isOpen: Bool { channel.isActive }

    /// Sends a POST and waits for the whole answer.
    func post(_ path: String, headers: [(String, String)], body: [UInt8]) async throws -> HTTPAnswer {
        var head = HTTPRequestHead(version: .http1_1, method: .POST, uri: path)
        head.headers.add(name: "Host", value: authority)
        head.headers.add(name: "Content-Length", value: String(body.count))
        for header in headers { head.headers.add(name: header.0, value: header.1) }
        let promise = channel.eventLoop.makePromise(of: HTTPAnswer.self)
        channel.writeAndFlush(Exchange(head: head, body: channel.allocator.buffer(bytes: body), answer: promise)).whenFailure {
            promise.fail($0)
        }
        return try await promise.futureResult.get()
    }

    func close() async {
        try? await channel.close().get()
    }
}

/// A request with the promise of its answer.
private struct Exchange: Sendable {
    var head: HTTPRequestHead
    var body: ByteBuffer
    var answer: EventLoopPromise<HTTPAnswer>
}

/// Turns exchanges into HTTP parts and keeps one going at a time.
private final class ExchangeHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = Exchange
    typealias OutboundOut = HTTPClientRequestPart

    /// Bytes of an answer that are kept for messages.
    private static let keptBytes = 2_048

    private var current: EventLoopPromise<HTTPAnswer>?
    private var answer = HTTPAnswer(status: 0, retryAfter: nil, body: "", keepsAlive: true)

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let exchange = unwrapOutboundIn(data)
        current = exchange.answer
        context.write(wrapOutboundOut(.head(exchange.head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(exchange.body))), promise: nil)
        context.write(wrapOutboundOut(.end(nil)), promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            answer = HTTPAnswer(
                status: Int(head.status.code), retryAfter: head.headers.first(name: "Retry-After").flatMap(Double.init), body: "",
                keepsAlive: head.isKeepAlive)
        case .body(let buffer):
            if answer.body.utf8.count < Self.keptBytes { answer.body += String(buffer: buffer) }
        case .end:
            let promise = current
            current = nil
            promise?.succeed(answer)
            if !answer.keepsAlive { context.close(promise: nil) }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(ChannelError.eof)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(error)
        context.close(promise: nil)
    }

    private func fail(_ error: any Error) {
        let promise = current
        current = nil
        promise?.fail(error)
    }
}
