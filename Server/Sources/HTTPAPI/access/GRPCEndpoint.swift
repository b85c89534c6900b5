import Synchronization

/// The port of the OTLP listener for gRPC, known once it accepts connections: for the snippets of the web UI.
public final class GRPCEndpoint: Sendable {
    private let port = Mutex<Int?>(nil)

    public init() {}

    /// Called by the composition root as soon as the listener accepts connections.
    public func opened(port: Int) { self.port.withLock { $0 = port } }

    /// `scheme://host:port` beside the address a client uses for HTTP; nil while gRPC is off.
    func url(beside baseURL: String) -> String? {
        guard let port = port.withLock({ $0 }), let colon = baseURL.firstIndex(of: ":") else { return nil }
        let scheme = baseURL[..<colon]
        let authority = baseURL[colon...].drop { $0 == ":" || $0 == "/" }
        // The colon of a port stands behind the bracket of an IPv6 address.
        let hostEnd = authority.lastIndex(of: "]").map { authority.index(after: $0) } ?? authority.firstIndex(of: ":") ?? authority.endIndex
        return "\(scheme)://\(authority[..<hostEnd]):\(port)"
    }
}
