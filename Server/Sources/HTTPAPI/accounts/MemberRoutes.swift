import Accounts
import HTTPTypes
import Hummingbird

/// `/api/v1/members/`: who belongs to an organisation, with which role.
struct MemberRoutes: Sendable {
    let services: AccountServices

    private struct Invitation: Decodable {
        var email: String
        var name: String?
        var role: String
        var organizationName: String?
    }

    private struct RoleChange: Decodable {
        var role: String
        var organizationName: String?
    }

    private struct Invited: Encodable {
        var userId: String
        var email: String
        var name: String
        var organizationName: String
        var role: String
        var createdAt: String
        var hasPassword: Bool
        @Nullable var passwordLink: String?
        @Nullable var passwordLinkExpiresAt: String?
    }

    private struct LinkAnswer: Encodable {
        var passwordLink: String
        var expiresAt: String
    }

    func add(to router: Router<HearthRequestContext>) {
        router.get("api/v1/members") { request, _ in
            let principal = try services.authentication.login(request)
            let organization = try Self.organization(request, of: services.authentication.organizations(of: principal))
            return Response.json(try await services.directory.store.members(of: organization).map(MemberAnswer.init))
        }
        router.post("api/v1/members") { request, _ in try await invite(request) }
        router.put("api/v1/members/:user") { request, context in
            let owned = try owned(request)
            let body = try await JSONBody.decode(RoleChange.self, request)
            let organization = try Self.chosen(body.organizationName, owned)
            let role = try Self.role(body.role)
            let user = try context.parameters.require("user")
            let member = try await services.directory.change { store throws(ControlStoreError) in
                try await store.setRole(role, user: user, organization: organization)
            }
            return Response.json(MemberAnswer(member))
        }
        router.delete("api/v1/members/:user") { request, context in
            let organization = try Self.organization(request, of: owned(request))
            let user = try context.parameters.require("user")
            try await services.directory.change { store throws(ControlStoreError) in
                try await store.removeMember(user, organization: organization)
            }
            return Response(status: .noContent)
        }
        router.post("api/v1/members/:user/password-link") { request, context in
            let organization = try Self.organization(request, of: owned(request))
            let user = try context.parameters.require("user")
            guard try await services.directory.store.members(of: organization).contains(where: { $0.user.id == user }) else {
                throw APIError(.notFound, "no such member of \(organization)")
            }
            guard try isWithin(user, owned(request)) else {
                throw APIError(.forbidden, "the account also belongs to an organisation that you do not own; ask its owner for the link")
            }
            let (link, code) = try await services.directory.store.createPasswordLink(user: user, purpose: .reset, organization: nil)
            return Response.json(
                status: .created, LinkAnswer(passwordLink: address(code, request), expiresAt: apiTime(link.expiresAt)))
        }
    }

    private func invite(_ request: Request) async throws -> Response {
        let owned = try owned(request)
        let body = try await JSONBody.decode(Invitation.self, request)
        let organization = try Self.chosen(body.organizationName, owned)
        let role = try Self.role(body.role)
        let member = try await services.directory.change { store throws(ControlStoreError) in
            try await store.addMember(email: body.email, name: body.name, role: role, organization: organization)
        }
        var answer = Invited(
            userId: member.user.id, email: member.user.email, name: member.user.name, organizationName: organization, role: role.rawValue,
            createdAt: apiTime(member.membership.createdAt), hasPassword: member.user.hasPassword, passwordLink: nil,
            passwordLinkExpiresAt: nil)
        if !member.user.hasPassword, isWithin(member.user.id, owned) {
            let (link, code) = try await services.directory.store.createPasswordLink(
                user: member.user.id, purpose: .invite, organization: organization)
            answer.passwordLink = address(code, request)
            answer.passwordLinkExpiresAt = apiTime(link.expiresAt)
        }
        return Response.json(status: .created, answer)
    }

    /// Whether all of a user's organisations are among `owned`: a link is as good as the account, so nobody gets one for an
    /// account that reaches further than he does.
    private func isWithin(_ user: String, _ owned: [Listed<Organization>]) -> Bool {
        services.authentication.organizations(ofUser: user).isSubset(of: Set(owned.map(\.item.name)))
    }

    private func address(_ code: String, _ request: Request) -> String { "\(services.publicAddress.baseURL(request))/invite/\(code)" }

    /// The organisations the sender owns.
    private func owned(_ request: Request) throws -> [Listed<Organization>] {
        let principal = try services.authentication.login(request)
        let owned = services.authentication.organizations(of: principal).filter { $0.role == .owner }
        guard !owned.isEmpty else { throw APIError(.forbidden, "this needs the role owner") }
        return owned
    }

    private static func organization(_ request: Request, of listed: [Listed<Organization>]) throws -> String {
        try chosen(request.uri.queryParameters["organization_name"].map(String.init), listed)
    }

    /// The named organisation, else the first one.
    private static func chosen(_ name: String?, _ listed: [Listed<Organization>]) throws -> String {
        guard let found = name.map({ name in listed.first { $0.item.name == name } }) ?? listed.first else {
            throw APIError(.notFound, "there is no organisation \(name ?? "") for this login")
        }
        return found.item.name
    }

    private static func role(_ text: String) throws -> Role {
        guard let role = Role(rawValue: text) else { throw FieldError(["role"], "must be viewer, member or owner") }
        return role
    }
}
