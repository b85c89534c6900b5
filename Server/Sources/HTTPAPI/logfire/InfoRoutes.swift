import Accounts
import HTTPTypes
import Hummingbird

/// `GET /v1/info` and `GET /v1/read-token-info`: what a token stands for (`logfire-contract.md` §1.3).
struct InfoRoutes: Sendable {
    let authentication: Authentication
    let publicAddress: PublicAddress

    private struct Info: Encodable {
        var organizationName: String
        var projectName: String
        var projectUrl: String?
    }

    func add(to router: Router<HearthRequestContext>) {
        router.get("v1/info") { request, _ in
            let grant = try authentication.authorize(request, for: .write)
            var response = Response.json(
                Info(
                    organizationName: grant.project.organization, projectName: grant.project.name,
                    projectUrl: "\(publicAddress.baseURL(request))/\(grant.project.path)"))
            if let warning = grant.warning { response.headers[.logfireWarning] = warning }
            return response
        }
        router.get("v1/read-token-info") { request, _ in
            let grant = try authentication.authorize(request, for: .read)
            return Response.json(Info(organizationName: grant.project.organization, projectName: grant.project.name))
        }
    }
}
