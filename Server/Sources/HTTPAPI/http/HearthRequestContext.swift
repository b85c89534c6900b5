public import Hummingbird

/// What a handler knows about its request beside the request itself.
public struct HearthRequestContext: RequestContext {
    public var coreContext: CoreRequestContextStorage

    public init(source: Source) {
        coreContext = .init(source: source)
    }

    /// Bodies are collected by the routes themselves, each with the limit of its API.
    public var maxUploadSize: Int { 1 << 20 }
}
