import HTTPTypes
package import Hummingbird

/// Refuses what a browser could be tricked into sending (design §7): `Host` names that are not this server's (DNS rebinding) and requests
/// whose `Origin` is another site. Sites that the configuration names may send OTLP (CORS), and nothing else.
///
/// Programs send no `Origin`, so SDKs are never affected.
package struct RequestGuard: RouterMiddleware {
    package typealias Context = HearthRequestContext

    private let rules: SiteRules

    package init(_ rules: SiteRules) { self.rules = rules }

    @concurrent package func handle(
        _ request: Request,
        context: HearthRequestContext,
        next: @concurrent (Request, HearthRequestContext) async throws -> Response
    ) async throws -> Response {
        let authority = request.head.authority ?? ""
        guard rules.answers(for: authority) else {
            throw APIError(
                .forbidden,
                rules.isLoopback
                    ? "this server is bound to loopback and does not answer for the host \(authority); --allowed-host adds a name"
                    : "this server does not answer for the host \(authority); --allowed-host adds a name")
        }
        if let origin = request.headers[.origin], !rules.isOwn(origin, authority: authority) {
            guard CrossOrigin.paths.contains(request.uri.path), rules.allowsOTLP(from: origin) else {
                throw APIError(
                    .forbidden,
                    "cross-site requests are refused; the origin \(origin) is not this server (--cors-origin lets a site send OTLP, and only that)"
                )
            }
            if request.method == .options { return CrossOrigin.preflight(request, origin: origin) }
            var response = try await next(request, context)
            CrossOrigin.allow(origin, in: &response)
            return response
        }
        return try await next(request, context)
    }
}

/// Answers to scripts of other sites, for OTLP only (Fetch standard, "CORS protocol").
enum CrossOrigin {
    static let paths: Set<String> = ["/v1/traces", "/v1/logs", "/v1/metrics"]

    static func preflight(_ request: Request, origin: String) -> Response {
        var response = Response(status: .noContent)
        allow(origin, in: &response)
        response.headers[.accessControlAllowMethods] = "POST"
        // Senders add headers of their own (authorization, propagation), so what is asked for is allowed.
        response.headers[.accessControlAllowHeaders] =
            request.headers[.accessControlRequestHeaders] ?? "authorization, content-encoding, content-type"
        response.headers[.accessControlMaxAge] = "7200"
        if request.headers[.privateNetwork] == "true" { response.headers[.allowPrivateNetwork] = "true" }
        return response
    }

    static func allow(_ origin: String, in response: inout Response) {
        response.headers[.accessControlAllowOrigin] = origin
        response.headers[.accessControlExposeHeaders] = "Retry-After, X-Logfire-Warning"
        response.headers[.vary] = "Origin"
    }
}

extension HTTPField.Name {
    /// Sent before a page of a public site reaches a private address.
    fileprivate static let privateNetwork = Self("Access-Control-Request-Private-Network")!
    fileprivate static let allowPrivateNetwork = Self("Access-Control-Allow-Private-Network")!
}
