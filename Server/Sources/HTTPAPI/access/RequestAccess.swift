import Accounts
import HTTPTypes
import Hummingbird

extension Authentication {
    /// The project of a request and who asks: by its `Authorization` header, else its session cookie; the project by its path,
    /// else the header `X-Hearth-Project`, else the token.
    ///
    /// - Throws: ``APIError`` 401, 403, or 404 for a project the sender may not see.
    func authorize(_ request: Request, for access: Access) throws(APIError) -> Grant {
        do {
            return try authorize(Credentials(request), for: access)
        } catch {
            throw APIError(error)
        }
    }

    /// Who asks, for endpoints that are about no single project; somebody with roles.
    ///
    /// - Throws: ``APIError`` 401, or 403 for write and read tokens.
    func login(_ request: Request) throws(APIError) -> Principal {
        let principal: Principal
        do { principal = try self.principal(Credentials(request)) } catch { throw APIError(error) }
        guard principal.hasRoles else {
            throw APIError(.forbidden, "write and read tokens cannot be used here; use an API key, or sign in")
        }
        return principal
    }

    /// For what is about the whole server: whoever owns an organisation, with no project named.
    ///
    /// - Throws: ``APIError`` 401 or 403.
    func requireOwner(_ request: Request) throws(APIError) {
        let principal = try login(request)
        guard organizations(of: principal).contains(where: { $0.role == .owner }) else {
            throw APIError(.forbidden, "this is about the whole server and needs the role owner; use an API key with that role, or sign in")
        }
    }

    /// Who asks; a person, not an API key.
    ///
    /// - Throws: ``APIError`` 401 or 403.
    func person(_ request: Request) throws(APIError) -> Principal {
        let principal = try login(request)
        if case .token = principal.kind { throw APIError(.forbidden, "an API key cannot be used here; sign in") }
        return principal
    }

    /// Who asks, when he owns `organization`.
    ///
    /// - Throws: ``APIError`` 401, 403, or 404 when the organisation is none of his.
    func owner(_ request: Request, of organization: String) throws(APIError) -> Principal {
        let principal = try login(request)
        guard let listed = organizations(of: principal).first(where: { $0.item.name == organization }) else {
            throw APIError(.notFound, "there is no organisation \(organization) for this login")
        }
        guard listed.role == .owner else { throw APIError(.forbidden, "this needs the role owner; yours is \(listed.role.rawValue)") }
        return principal
    }
}

extension Credentials {
    init(_ request: Request) {
        self.init(
            authorization: request.headers[.authorization], session: request.cookies[SessionCookie.name]?.value,
            project: Self.project(request))
    }

    /// The project a request names: in its path, its header, or (for what cannot set headers) its parameters.
    private static func project(_ request: Request) -> String? {
        let path = request.uri.path
        if path.hasPrefix("/api/v1/projects/") || path.hasPrefix("/v1/organizations/") {
            let parts = path.split(separator: "/")
            if parts.count >= 4, parts[0] == "api" { return String(parts[3]) }
            if parts.count >= 5, parts[0] == "v1", parts[3] == "projects" { return "\(parts[2])/\(parts[4])" }
        }
        if let header = request.headers[.hearthProject] { return header }
        return path.hasPrefix("/ui/") ? request.uri.queryParameters["project"].map(String.init) : nil
    }
}

extension APIError {
    init(_ error: AccessError) {
        let status: HTTPResponse.Status =
            switch error.code {
            case .forbidden: .forbidden
            case .unknownProject: .notFound
            default: .unauthorized
            }
        self.init(status, error.description, headers: status == .unauthorized ? [.wwwAuthenticate: "Bearer"] : [:])
    }
}

extension HTTPField.Name {
    /// `organization/project` a request of the web UI or of an API key is about.
    static let hearthProject = Self("X-Hearth-Project")!
}
