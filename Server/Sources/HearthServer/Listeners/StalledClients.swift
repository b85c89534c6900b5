import HummingbirdCore
import Logging
import NIOCore

/// Connections whose client takes nothing of what is sent to it are closed after a while, so that answers do not wait for them for ever.
struct StalledClients<Base: ServerChildChannel>: ServerChildChannel {
    let base: Base

    init(_ base: Base) { self.base = base }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(StalledClientHandler(logger: logger))
        }.flatMap { base.setup(channel: channel, logger: logger) }
    }

    func handle(value: Base.Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}

/// Closes its connection when that has not become writable again for a minute. What is sent at once is at most a few hundred kilobytes, so this
/// meets only clients that have stopped reading or take less than a few kilobytes a second.
final class StalledClientHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    static let patience: TimeAmount = .seconds(60)

    private let logger: Logger
    private var deadline: Scheduled<Void>?

    init(logger: Logger) { self.logger = logger }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            stop()
        } else if deadline == nil {
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            deadline = context.eventLoop.scheduleTask(in: Self.patience) {
                let (handler, context) = bound.value
                handler.logger.info(
                    "a client has read nothing for \(Self.patience.nanoseconds / 1_000_000_000) s; its connection is closed")
                context.close(promise: nil)
            }
        }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        stop()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { stop() }

    private func stop() {
        deadline?.cancel()
        deadline = nil
    }
}
