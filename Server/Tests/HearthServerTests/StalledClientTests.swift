import Logging
import NIOCore
import NIOEmbedded
import Testing

@testable import HearthServer

@Suite struct StalledClientTests {
    private func channel() throws -> EmbeddedChannel {
        let channel = EmbeddedChannel(handler: StalledClientHandler(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return channel
    }

    private func setWritable(_ isWritable: Bool, _ channel: EmbeddedChannel) {
        channel.isWritable = isWritable
        channel.pipeline.fireChannelWritabilityChanged()
    }

    @Test func aClientThatReadsNothingIsGivenUp() throws {
        let channel = try channel()
        setWritable(false, channel)
        channel.embeddedEventLoop.advanceTime(by: .seconds(59))
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(2))
        #expect(!channel.isActive)
    }

    @Test func oneThatReadsSlowlyIsNot() throws {
        let channel = try channel()
        for _ in 0..<5 {
            setWritable(false, channel)
            channel.embeddedEventLoop.advanceTime(by: .seconds(50))
            setWritable(true, channel)
        }
        channel.embeddedEventLoop.advanceTime(by: .seconds(300))
        #expect(channel.isActive)
        _ = try channel.finish()
    }
}
