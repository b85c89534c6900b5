import HTTPTypes
import Hummingbird

/// Refuses what a browser could be tricked into sending to a server on loopback (design §7): foreign `Host` names
/// (DNS rebinding) and requests whose `Origin` is another site.
///
/// Programs send no `Origin`, so SDKs are never affected.
struct RequestGuard: RouterMiddleware {
    typealias Context = HearthRequestContext

    /// Whether the server is bound to a loopback address; only then is the set of valid host names known.
    let isLoopback: Bool
    /// `scheme://host[:port]` of a proxy that stands before the server.
    var publicURL: String?

    @concurrent func handle(
        _ request: Request,
        context: HearthRequestContext,
        next: @concurrent (Request, HearthRequestContext) async throws -> Response
    ) async throws -> Response {
        let authority = request.head.authority ?? ""
        if isLoopback, !Self.isLoopbackHost(authority) {
            throw APIError(.forbidden, "this server is bound to loopback and does not answer for the host \(authority)")
        }
        if let origin = request.headers[.origin], !Self.isSameOrigin(origin, authority: authority), origin != publicURL {
            throw APIError(.forbidden, "cross-site requests are refused; the origin \(origin) is not this server")
        }
        return try await next(request, context)
    }

    /// Whether `authority` (host with optional port) names this machine's loopback interface.
    static func isLoopbackHost(_ authority: String) -> Bool {
        let host = hostPart(authority).lowercased()
        if host == "localhost" || host == "[::1]" || host.isEmpty { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// Whether `origin` (`scheme://host[:port]`) is the origin that `authority` belongs to.
    static func isSameOrigin(_ origin: String, authority: String) -> Bool {
        for scheme in ["http://", "https://"] where origin.lowercased().hasPrefix(scheme) {
            return origin.dropFirst(scheme.count).lowercased() == authority.lowercased()
        }
        return false
    }

    private static func hostPart(_ authority: String) -> Substring {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") { return authority[...end] }
        return authority.prefix { $0 != ":" }
    }
}
