public import Hummingbird
import NIOCore

/// What a handler knows about its request beside the request itself.
public struct HearthRequestContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    /// IP address the request came from; nil when the connection has none.
    let clientAddress: String?

    public init(source: Source) {
        coreContext = .init(source: source)
        clientAddress = source.channel.remoteAddress?.ipAddress
    }

    /// Bodies are collected by the routes themselves, each with the limit of its API.
    public var maxUploadSize: Int { 1 << 20 }
}
