import Accounts
import HTTPTypes
import Hummingbird

/// The first account (`/ui/setup`), and the one-time links with which others choose a password (`/ui/password-links/<code>`).
struct SetupRoutes: Sendable {
    let services: AccountServices

    private struct Setup: Decodable {
        var code: String
        var email: String
        var name: String?
        var password: String
    }

    private struct Choice: Decodable {
        var password: String
        var name: String?
    }

    private struct LinkAnswer: Encodable {
        var email: String
        var name: String
        @Nullable var organizationName: String?
        var purpose: String
        var expiresAt: String
    }

    func add(to router: Router<HearthRequestContext>) {
        router.post("ui/setup") { request, context in try await setUp(request, context) }
        router.get("ui/password-links/:code") { _, context in
            let (link, user) = try await services.directory.store.passwordLink(code: context.parameters.require("code"))
            return Response.json(
                LinkAnswer(
                    email: user.email, name: user.name, organizationName: link.organization, purpose: link.purpose.rawValue,
                    expiresAt: apiTime(link.expiresAt)))
        }
        router.post("ui/password-links/:code") { request, context in
            let code = try context.parameters.require("code")
            let body = try await JSONBody.decode(Choice.self, request)
            _ = try await services.directory.store.passwordLink(code: code)
            let hash = try await services.hasher.hash(body.password)
            let user = try await services.directory.change { store throws(ControlStoreError) in
                try await store.usePasswordLink(code: code, password: hash, name: body.name)
            }
            return try await SessionRoutes(services: services).open(user, request, context)
        }
    }

    private func setUp(_ request: Request, _ context: HearthRequestContext) async throws -> Response {
        let body = try await JSONBody.decode(Setup.self, request)
        guard !services.authentication.hasUsers else { throw APIError(.conflict, "this server is set up already; sign in") }
        guard services.setup.accepts(body.code) else {
            throw APIError(.forbidden, "the set-up code is not the one that the server printed when it started")
        }
        let hash = try await services.hasher.hash(body.password)
        let user = try await services.directory.change { store throws(ControlStoreError) in
            try await store.createFirstOwner(email: body.email, name: body.name, password: hash)
        }
        services.setup.close()
        return try await SessionRoutes(services: services).open(user, request, context)
    }
}
