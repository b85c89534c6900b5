import Accounts
import HTTPTypes
import Hummingbird

/// Signing in and out, and one's own password and sessions: `/ui/session`, `/ui/password`, `/ui/sessions/`.
struct SessionRoutes: Sendable {
    let services: AccountServices

    private struct Login: Decodable {
        var email: String
        var password: String
    }

    private struct NewPassword: Decodable {
        var currentPassword: String
        var newPassword: String
    }

    private struct Listed: Encodable {
        var id: String
        var createdAt: String
        var lastUsedAt: String
        var expiresAt: String
        @Nullable var address: String?
        @Nullable var userAgent: String?
        var isCurrent: Bool
    }

    func add(to router: Router<HearthRequestContext>) {
        router.get("ui/session") { request, _ in
            // Nobody being signed in is an answer here, not an error.
            let principal = try? services.authentication.principal(Credentials(request))
            return answer(request, principal?.hasRoles == true ? principal : nil)
        }
        router.post("ui/session") { request, context in try await login(request, context) }
        router.delete("ui/session") { request, _ in try await logout(request) }
        router.put("ui/password") { request, context in try await changePassword(request, context) }
        router.get("ui/sessions") { request, _ in
            let principal = try services.authentication.person(request)
            let sessions = try await services.directory.store.sessions(of: principal.user?.id ?? "")
            return Response.json(
                sessions.map {
                    Listed(
                        id: $0.id, createdAt: apiTime($0.createdAt), lastUsedAt: apiTime($0.lastUsedAt), expiresAt: apiTime($0.expiresAt),
                        address: $0.address, userAgent: $0.userAgent, isCurrent: $0.id == principal.sessionID)
                })
        }
        router.delete("ui/sessions/:session") { request, context in
            let principal = try services.authentication.person(request)
            let id = try context.parameters.require("session")
            try await services.directory.change { store throws(ControlStoreError) in
                try await store.endSession(id, user: principal.user?.id ?? "")
            }
            return Response(status: .noContent)
        }
    }

    private func answer(_ request: Request, _ principal: Principal?) -> Response {
        Response.json(SessionAnswer(services, principal: principal, baseURL: services.publicAddress.baseURL(request)))
    }

    private func login(_ request: Request, _ context: HearthRequestContext) async throws -> Response {
        let body = try await JSONBody.decode(Login.self, request)
        try admit(body.email, request, context)
        let user = try await services.directory.store.user(email: body.email)
        guard try await services.hasher.isPassword(body.password, of: user), let user else {
            throw APIError(.unauthorized, "the e-mail address or the password is wrong")
        }
        services.limiter.succeeded(account: body.email, address: address(request, context))
        return try await open(user, request, context)
    }

    private func address(_ request: Request, _ context: HearthRequestContext) -> String? {
        services.publicAddress.clientAddress(request, context)
    }

    /// Counts an attempt to prove a password.
    ///
    /// - Throws: ``APIError`` 429 with `Retry-After`.
    private func admit(_ account: String, _ request: Request, _ context: HearthRequestContext) throws(APIError) {
        guard let seconds = services.limiter.begin(account: account, address: address(request, context)) else { return }
        throw APIError(
            .tooManyRequests, "too many attempts to sign in; try again in \((seconds + 59) / 60) min", headers: [.retryAfter: "\(seconds)"])
    }

    /// Opens a session for `user` and answers with its cookie.
    func open(_ user: User, _ request: Request, _ context: HearthRequestContext) async throws -> Response {
        let userAgent = request.headers[.userAgent]
        let address = address(request, context)
        let opened = try await services.directory.change { store throws(ControlStoreError) in
            try await store.openSession(user: user.id, address: address, userAgent: userAgent)
        }
        var response = answer(request, try services.authentication.principal(Credentials(session: opened.cookie)))
        response.setCookie(SessionCookie.of(opened, isSecure: services.publicAddress.isSecure))
        return response
    }

    private func logout(_ request: Request) async throws -> Response {
        if let principal = try? services.authentication.principal(Credentials(session: request.cookies[SessionCookie.name]?.value)),
            let session = principal.sessionID, let user = principal.user
        {
            try await services.directory.change { store throws(ControlStoreError) in try await store.endSession(session, user: user.id) }
        }
        var response = Response(status: .noContent)
        response.setCookie(SessionCookie.cleared(isSecure: services.publicAddress.isSecure))
        return response
    }

    private func changePassword(_ request: Request, _ context: HearthRequestContext) async throws -> Response {
        let principal = try services.authentication.person(request)
        guard let user = principal.user else {
            throw APIError(
                .forbidden, "on loopback nobody is signed in, so there is no password to change; see hearth users reset-password")
        }
        let body = try await JSONBody.decode(NewPassword.self, request)
        try admit(user.email, request, context)
        guard try await services.hasher.isPassword(body.currentPassword, of: user) else {
            throw APIError(.forbidden, "the current password is wrong")
        }
        services.limiter.succeeded(account: user.email, address: address(request, context))
        let hash = try await services.hasher.hash(body.newPassword)
        try await services.directory.change { store throws(ControlStoreError) in
            try await store.setPassword(hash, user: user.id, keeping: principal.sessionID)
        }
        return Response(status: .noContent)
    }
}
