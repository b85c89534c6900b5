import HTTPTypes
import Hummingbird

/// Under which address clients reach this server: for the links it gives out and the attributes of its cookies.
public struct PublicAddress: Sendable {
    /// `scheme://host[:port]` without a trailing slash, where a proxy stands in front; nil: what the request says.
    public var url: String?
    /// Whether the server itself speaks TLS.
    public var isTLS: Bool

    public init(url: String? = nil, isTLS: Bool = false) {
        var url = url
        while url?.last == "/" { url?.removeLast() }
        self.url = url
        self.isTLS = isTLS
    }

    /// `scheme://authority` without a trailing slash.
    func baseURL(_ request: Request) -> String {
        url ?? "\(isTLS ? "https" : "http")://\(request.head.authority ?? "127.0.0.1")"
    }

    /// Whether browsers reach the server encrypted, so that cookies can be kept to that.
    var isSecure: Bool { url.map { $0.lowercased().hasPrefix("https://") } ?? isTLS }
}
