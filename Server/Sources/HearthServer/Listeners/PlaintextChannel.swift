import Hummingbird
import HummingbirdCore
import HummingbirdHTTP2
import Logging
import NIOCore

/// The child channel of connections without TLS: HTTP/2 when a connection begins with its preface ("prior knowledge", RFC 9113 §3.3),
/// else HTTP/1.1.
struct PlaintextChannel: ServerChildChannel {
    enum Connection: Sendable {
        case http1(HTTP1Channel.Value)
        case http2(HTTP2Channel.Value)
    }

    struct Value: ServerChildChannelValue {
        /// Known once the first bytes have come; fails when the connection ends before.
        let connection: EventLoopFuture<Connection>
        let channel: any Channel
    }

    private let http1: HTTP1Channel
    private let http2: HTTP2Channel

    init(responder: @escaping HTTPChannelHandler.Responder) {
        http1 = HTTP1Channel(responder: responder)
        http2 = HTTP2Channel(responder: responder)
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let promise = channel.eventLoop.makePromise(of: Connection.self)
            let handler = PrefaceHandler(promise: promise) { isHTTP2 in
                isHTTP2
                    ? http2.setup(channel: channel, logger: logger).map { .http2($0) }
                    : http1.setup(channel: channel, logger: logger).map { .http1($0) }
            }
            try channel.pipeline.syncOperations.addHandler(handler)
            return Value(connection: promise.futureResult, channel: channel)
        }
    }

    func handle(value: Value, logger: Logger) async {
        do {
            switch try await value.connection.get() {
            case .http1(let connection): await http1.handle(value: connection, logger: logger)
            case .http2(let connection): await http2.handle(value: connection, logger: logger)
            }
        } catch {
            logger.debug("connection ended before its first request", metadata: ["error": "\(error)"])
        }
    }
}

/// Looks at the first bytes of a connection, sets up the pipeline that they ask for, hands them on and leaves.
private final class PrefaceHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// The client connection preface (RFC 9113 §3.4).
    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    private let promise: EventLoopPromise<PlaintextChannel.Connection>
    private let setUp: (_ isHTTP2: Bool) -> EventLoopFuture<PlaintextChannel.Connection>
    private var received = ByteBuffer()
    private var isDecided = false

    init(
        promise: EventLoopPromise<PlaintextChannel.Connection>,
        setUp: @escaping (_ isHTTP2: Bool) -> EventLoopFuture<PlaintextChannel.Connection>
    ) {
        self.promise = promise
        self.setUp = setUp
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        received.writeBuffer(&buffer)
        guard !isDecided else { return }
        let count = min(received.readableBytes, Self.preface.count)
        let isPreface = received.readableBytesView.prefix(count).elementsEqual(Self.preface[..<count])
        // One byte tells the two apart in practice: no HTTP/1 request begins like the preface for long.
        guard !isPreface || count == Self.preface.count else { return }
        decide(context, isHTTP2: isPreface)
    }

    private func decide(_ context: ChannelHandlerContext, isHTTP2: Bool) {
        isDecided = true
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        setUp(isHTTP2).whenComplete { result in
            let (handler, context) = bound.value
            switch result {
            case .success(let connection):
                handler.promise.succeed(connection)
                context.fireChannelRead(handler.wrapInboundOut(handler.received))
                context.fireChannelReadComplete()
                context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
            case .failure(let error):
                handler.promise.fail(error)
                context.close(promise: nil)
            }
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        // The server stops, or the client said that it will send nothing: there is no request to wait for.
        case is ChannelShouldQuiesceEvent, ChannelEvent.inputClosed: if !isDecided { context.close(promise: nil) }
        default: break
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(ChannelError.eof)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if isDecided {
            context.fireErrorCaught(error)
        } else {
            context.close(promise: nil)
        }
    }
}
