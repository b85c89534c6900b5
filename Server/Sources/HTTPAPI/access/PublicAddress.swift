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

    /// IP address of the client: of the connection; where a proxy of the own network stands in front, what it says.
    ///
    /// Only the last entry counts, which the nearest proxy wrote; those before it can be made up.
    func clientAddress(_ request: Request, _ context: HearthRequestContext) -> String? {
        guard url != nil, let peer = context.clientAddress, Self.isOwnNetwork(peer),
            let forwarded = request.headers[.xForwardedFor]?.split(separator: ",").last
        else { return context.clientAddress }
        let address = forwarded.filter { !$0.isWhitespace }
        return address.isEmpty || address.count > 45 ? peer : address
    }

    /// Whether an address is loopback or private (RFC 1918, RFC 4193).
    static func isOwnNetwork(_ address: String) -> Bool {
        // IPv4 seen through an IPv6 socket.
        let plain = address.lowercased().hasPrefix("::ffff:") ? String(address.dropFirst(7)) : address.lowercased()
        if plain == "::1" || plain.hasPrefix("fc") || plain.hasPrefix("fd") { return true }
        let parts = plain.split(separator: ".").compactMap { UInt8($0) }
        guard parts.count == 4 else { return false }
        return parts[0] == 127 || parts[0] == 10 || (parts[0] == 192 && parts[1] == 168)
            || (parts[0] == 172 && (16...31).contains(parts[1]))
    }
}

extension HTTPField.Name {
    static let xForwardedFor = Self("X-Forwarded-For")!
}
