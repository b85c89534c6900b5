import Accounts
import HTTPTypes
import Hummingbird

/// `/api/v1/organizations/` and `/api/v1/projects/` (`logfire-contract.md` §1.9, §6.4).
struct ProjectRoutes: Sendable {
    let services: AccountServices

    private struct NewOrganization: Decodable {
        var organizationName: String
    }

    private struct NewProject: Decodable {
        var projectName: String
        var organizationName: String?
        var description: String?
    }

    /// A description that is null takes the old one away; one that is absent leaves it.
    private struct Change: Decodable {
        var projectName: String?
        var description: String??

        enum CodingKeys: CodingKey { case projectName, description }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            projectName = try fields.decodeIfPresent(String.self, forKey: .projectName)
            if fields.contains(.description) { description = .some(try fields.decodeIfPresent(String.self, forKey: .description)) }
        }
    }

    func add(to router: Router<HearthRequestContext>) {
        let authentication = services.authentication
        router.get("api/v1/organizations") { request, _ in
            Response.json(authentication.organizations(of: try authentication.login(request)).map(OrganizationAnswer.init))
        }
        router.post("api/v1/organizations") { request, _ in
            let principal = try authentication.login(request)
            guard authentication.organizations(of: principal).contains(where: { $0.role == .owner }) else {
                throw APIError(.forbidden, "only an owner of an organisation can make another one")
            }
            if case .token = principal.kind { throw APIError(.forbidden, "an API key belongs to one organisation; sign in") }
            let body = try await JSONBody.decode(NewOrganization.self, request)
            let made = try await services.directory.change { store throws(ControlStoreError) in
                try await store.createOrganization(body.organizationName, owner: principal.user?.id)
            }
            return Response.json(status: .created, OrganizationAnswer(Listed(item: made, role: .owner)))
        }
        router.get("api/v1/projects") { request, _ in
            let base = services.publicAddress.baseURL(request)
            return Response.json(
                authentication.projects(of: try authentication.login(request))
                    .map { ProjectAnswer($0.item, role: $0.role, baseURL: base) })
        }
        router.post("api/v1/projects") { request, _ in
            // Who may not create anywhere learns so before the body is judged.
            let principal = try authentication.login(request)
            let owned = authentication.organizations(of: principal).filter { $0.role == .owner }.map(\.item.name)
            guard let first = owned.first else { throw APIError(.forbidden, "this needs the role owner") }
            let body = try await JSONBody.decode(NewProject.self, request)
            let organization = body.organizationName ?? first
            _ = try authentication.owner(request, of: organization)
            let project = try await services.directory.change { store throws(ControlStoreError) in
                try await store.createProject(organization: organization, name: body.projectName, description: body.description)
            }
            return answer(project, .owner, request, status: .created)
        }
        router.get("api/v1/projects/:id") { request, _ in
            let grant = try authentication.authorize(request, for: .read)
            return answer(grant.project, grant.principal.role(in: grant.project) ?? .viewer, request)
        }
        router.put("api/v1/projects/:id") { request, _ in
            let grant = try authentication.authorize(request, for: .administer)
            let body = try await JSONBody.decode(Change.self, request)
            let project = try await services.directory.change { store throws(ControlStoreError) in
                try await store.updateProject(grant.project.id, name: body.projectName, description: body.description)
            }
            return answer(project, .owner, request)
        }
        router.delete("api/v1/projects/:id") { request, _ in
            let grant = try authentication.authorize(request, for: .administer)
            try await services.directory.change { store throws(ControlStoreError) in try await store.deleteProject(grant.project.id) }
            return Response(status: .noContent)
        }
    }

    private func answer(_ project: Project, _ role: Role, _ request: Request, status: HTTPResponse.Status = .ok) -> Response {
        Response.json(status: status, ProjectAnswer(project, role: role, baseURL: services.publicAddress.baseURL(request)))
    }
}
