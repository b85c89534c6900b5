import Accounts
import FoundationEssentials
import HTTPTypes
import Hummingbird

/// Write and read tokens of a project, API keys, and the tokens of `logfire auth` (`logfire-contract.md` §6.4).
struct TokenRoutes: Sendable {
    let services: AccountServices

    private struct NewToken: Decodable {
        var description: String?
        var expiresAt: String?
    }

    private struct NewKey: Decodable {
        var description: String?
        var expiresAt: String?
        var role: String?
        var organizationName: String?
        var projectId: String?
        /// What the keys of the hosted service have instead of a role.
        var scopes: [String]?
    }

    private struct Rotation: Decodable {
        var gracePeriodHours: Double?
    }

    func add(to router: Router<HearthRequestContext>) {
        addProjectTokens(to: router, path: "api/v1/projects/:id/write-tokens", kind: .write)
        addProjectTokens(to: router, path: "api/v1/projects/:id/read-tokens", kind: .read)
        addKeys(to: router)
        router.get("api/v1/user-tokens") { request, _ in
            let principal = try services.authentication.person(request)
            let tokens = try await services.directory.store.tokens(TokenFilter(kinds: [.user], userID: principal.user?.id))
            return Response.json(tokens.filter { $0.userID == principal.user?.id }.map { TokenAnswer($0, project: nil) })
        }
        router.delete("api/v1/user-tokens/:token") { request, context in
            let principal = try services.authentication.person(request)
            let token = try await services.directory.store.token(id: context.parameters.require("token"))
            guard token.kind == .user, token.userID == principal.user?.id else { throw Self.unknown }
            return try await revoke(token)
        }
    }

    private func addProjectTokens(to router: Router<HearthRequestContext>, path: String, kind: TokenKind) {
        let authentication = services.authentication
        router.get(RouterPath(path)) { request, _ in
            let grant = try authentication.authorize(request, for: .manage)
            let tokens = try await services.directory.store.tokens(TokenFilter(kinds: [kind], projectID: grant.project.id))
            return Response.json(tokens.map { TokenAnswer($0, project: grant.project) })
        }
        router.post(RouterPath(path)) { request, _ in
            let grant = try authentication.authorize(request, for: .manage)
            let body = try await JSONBody.decode(NewToken.self, request)
            return try await issue(
                .of(
                    grant.project, kind, description: body.description, expiresAt: Expiry.date(body.expiresAt),
                    createdByName: grant.principal.displayName))
        }
        addChanges(to: router, path: path) { request, context in
            let grant = try authentication.authorize(request, for: .manage)
            let token = try await services.directory.store.token(id: context.parameters.require("token"))
            guard token.kind == kind, token.projectID == grant.project.id else { throw Self.unknown }
            return (token, grant.principal)
        }
    }

    private func addKeys(to router: Router<HearthRequestContext>) {
        let authentication = services.authentication
        router.get("api/v1/api-keys") { request, _ in
            let owned = try ownedOrganizations(request)
            let asked = request.uri.queryParameters["organization_name"].map(String.init)
            if let asked, !owned.names.contains(asked) { throw APIError(.notFound, "there is no organisation \(asked) for this login") }
            let tokens = try await services.directory.store.tokens(
                TokenFilter(kinds: [.apiKey], organizations: asked.map { [$0] } ?? owned.names))
            return Response.json(tokens.map { TokenAnswer($0, project: $0.projectID.flatMap { authentication.project($0) }) })
        }
        router.post("api/v1/api-keys") { request, _ in
            let owned = try ownedOrganizations(request)
            let body = try await JSONBody.decode(NewKey.self, request)
            guard body.scopes == nil else {
                throw FieldError(["scopes"], "API keys here have a role instead of scopes: viewer, member or owner")
            }
            guard let role = Role(rawValue: body.role ?? Role.member.rawValue) else {
                throw FieldError(["role"], "must be viewer, member or owner")
            }
            let only = try body.projectId.map { id throws -> Project in
                guard let listed = authentication.projects(of: owned.principal).first(where: { $0.item.uuid == id || $0.item.path == id })
                else { throw FieldError(["project_id"], "there is no such project") }
                return listed.item
            }
            let organization = body.organizationName ?? only?.organization ?? owned.names[0]
            guard owned.names.contains(organization) else {
                throw APIError(.notFound, "there is no organisation \(organization) for this login")
            }
            if let only, only.organization != organization { throw FieldError(["project_id"], "belongs to another organisation") }
            return try await issue(
                TokenRequest(
                    kind: .apiKey, organization: organization, projectID: only?.id, role: role, description: body.description,
                    expiresAt: Expiry.date(body.expiresAt), createdByName: owned.principal.displayName))
        }
        addChanges(to: router, path: "api/v1/api-keys") { request, context in
            let owned = try ownedOrganizations(request)
            let token = try await services.directory.store.token(id: context.parameters.require("token"))
            guard token.kind == .apiKey, owned.names.contains(token.organization ?? "") else { throw Self.unknown }
            return (token, owned.principal)
        }
    }

    /// Rotating, expiring and deleting, which are the same for every kind.
    private func addChanges(
        to router: Router<HearthRequestContext>, path: String,
        find: @escaping @Sendable (Request, HearthRequestContext) async throws -> (token: Token, principal: Principal)
    ) {
        router.post(RouterPath(path + "/:token/rotate")) { request, context in
            let (token, principal) = try await find(request, context)
            let body = try await JSONBody.decode(Rotation.self, request)
            let issued = try await services.directory.change { store throws(ControlStoreError) in
                try await store.rotateToken(token.id, grace: (body.gracePeriodHours ?? 0) * 3_600, createdByName: principal.displayName)
            }
            return answer(issued)
        }
        router.patch(RouterPath(path + "/:token/expire")) { request, context in
            let token = try await find(request, context).token
            try await services.directory.change { store throws(ControlStoreError) in try await store.expireToken(token.id) }
            return Response(status: .noContent)
        }
        router.delete(RouterPath(path + "/:token")) { request, context in
            try await revoke(try await find(request, context).token)
        }
    }

    /// The organisations whose API keys the sender may manage: those he owns.
    private func ownedOrganizations(_ request: Request) throws -> (principal: Principal, names: [String]) {
        let principal = try services.authentication.login(request)
        let names = services.authentication.organizations(of: principal).filter { $0.role == .owner }.map(\.item.name)
        guard !names.isEmpty else { throw APIError(.forbidden, "this needs the role owner") }
        return (principal, names)
    }

    private func issue(_ request: TokenRequest) async throws -> Response {
        answer(try await services.directory.change { store throws(ControlStoreError) in try await store.issue(request) })
    }

    private func answer(_ issued: IssuedToken) -> Response {
        let project = issued.token.projectID.flatMap { services.authentication.project($0) }
        return Response.json(status: .created, TokenAnswer(issued.token, project: project, secret: issued.secret))
    }

    private func revoke(_ token: Token) async throws -> Response {
        try await services.directory.change { store throws(ControlStoreError) in try await store.revokeToken(token.id) }
        return Response(status: .noContent)
    }

    private static let unknown = APIError(.notFound, "there is no such token")
}
