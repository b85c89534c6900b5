import Accounts
import FoundationEssentials
import HTTPTypes
import Hummingbird

/// What the Logfire CLI and SDK ask about accounts and projects (`logfire-contract.md` §1.3).
struct LogfireCLIRoutes: Sendable {
    let services: AccountServices

    private struct OrganizationName: Encodable {
        var organizationName: String
    }

    private struct Account: Encodable {
        @Nullable var id: String?
        @Nullable var email: String?
        var name: String
        @Nullable var defaultOrganization: OrganizationName?
    }

    private struct NewProject: Decodable {
        var projectName: String
    }

    private struct NewReadToken: Decodable {
        var description: String?
        var expiresAt: String?
    }

    /// Exactly these three keys: the client passes them on as named arguments (`logfire-contract.md` §0.4).
    private struct ProjectToken: Encodable {
        var projectName: String
        var token: String
        var projectUrl: String
    }

    func add(to router: Router<HearthRequestContext>) {
        let authentication = services.authentication
        router.get("v1/account/me") { request, _ in
            let principal = try authentication.login(request)
            let first = authentication.organizations(of: principal).first?.item.name
            return Response.json(
                Account(
                    id: principal.user?.id, email: principal.user?.email, name: principal.displayName,
                    defaultOrganization: first.map { OrganizationName(organizationName: $0) }))
        }
        router.get("v1/writable-projects") { request, _ in
            let principal = try authentication.login(request)
            let base = services.publicAddress.baseURL(request)
            return Response.json(
                authentication.projects(of: principal).filter { $0.role.allows(.manage) }
                    .map { ProjectAnswer($0.item, role: $0.role, baseURL: base) })
        }
        router.get("v1/organizations/available-for-projects") { request, _ in
            let principal = try authentication.login(request)
            return Response.json(
                authentication.organizations(of: principal).filter { $0.role == .owner }.map(OrganizationAnswer.init))
        }
        router.post("v1/organizations/:organization/projects") { request, context in
            let organization = try context.parameters.require("organization")
            let principal = try authentication.owner(request, of: organization)
            let body = try await JSONBody.decode(NewProject.self, request)
            let name = principal.displayName
            let (project, issued) = try await services.directory.change { store throws(ControlStoreError) in
                let project = try await store.createProject(organization: organization, name: body.projectName)
                return (
                    project,
                    try await store.issue(.of(project, .write, description: "made with the project", expiresAt: nil, createdByName: name))
                )
            }
            return projectToken(project, issued, request)
        }
        router.post("v1/organizations/:organization/projects/:project/write-tokens") { request, _ in
            let grant = try authentication.authorize(request, for: .manage)
            let issued = try await issue(grant, .write, "made by the Logfire CLI or SDK", nil)
            return projectToken(grant.project, issued, request)
        }
        router.post("v1/organizations/:organization/projects/:project/read-tokens") { request, _ in
            let grant = try authentication.authorize(request, for: .manage)
            let body = try await JSONBody.decode(NewReadToken.self, request)
            let issued = try await issue(grant, .read, body.description, try Expiry.date(body.expiresAt))
            return Response.json(TokenAnswer(issued.token, project: grant.project, secret: issued.secret))
        }
    }

    private func issue(_ grant: Grant, _ kind: TokenKind, _ description: String?, _ expiresAt: Date?) async throws -> IssuedToken {
        let request = TokenRequest.of(
            grant.project, kind, description: description, expiresAt: expiresAt, createdByName: grant.principal.displayName)
        return try await services.directory.change { store throws(ControlStoreError) in try await store.issue(request) }
    }

    private func projectToken(_ project: Project, _ issued: IssuedToken, _ request: Request) -> Response {
        Response.json(
            ProjectToken(
                projectName: project.name, token: issued.secret, projectUrl: "\(services.publicAddress.baseURL(request))/\(project.path)"))
    }
}

/// The expiry a client asks for.
enum Expiry {
    /// - Throws: ``FieldError`` when `text` is no timestamp.
    static func date(_ text: String?) throws -> Date? {
        guard let text, !text.isEmpty else { return nil }
        guard let micros = Timestamp.microseconds(text) else {
            throw FieldError(["expires_at"], "must be an ISO 8601 timestamp such as 2027-01-31T12:00:00Z")
        }
        return Date(timeIntervalSince1970: Double(micros) / 1_000_000)
    }
}
