import Accounts
import FoundationEssentials

/// A time as the API writes it: RFC 3339 in UTC.
func apiTime(_ date: Date) -> String { date.formatted(.iso8601) }

struct OrganizationAnswer: Encodable {
    var id: String
    var organizationName: String
    var role: String
    var createdAt: String

    init(_ listed: Listed<Organization>) {
        id = listed.item.id
        organizationName = listed.item.name
        role = listed.role.rawValue
        createdAt = apiTime(listed.item.createdAt)
    }
}

/// A project; the keys that the native Logfire CLI demands are always there (`logfire-contract.md` §1.9).
struct ProjectAnswer: Encodable {
    var id: String
    var projectName: String
    var organizationName: String
    @Nullable var description: String?
    var visibility = "public"
    var createdAt: String
    var updatedAt: String
    var role: String
    var projectUrl: String

    init(_ project: Project, role: Role, baseURL: String) {
        id = project.uuid
        projectName = project.name
        organizationName = project.organization
        _description = Nullable(wrappedValue: project.description)
        createdAt = apiTime(project.createdAt)
        updatedAt = apiTime(project.updatedAt)
        self.role = role.rawValue
        projectUrl = "\(baseURL)/\(project.path)"
    }
}

struct TokenAnswer: Encodable {
    var id: String
    var kind: String
    @Nullable var projectId: String?
    @Nullable var projectName: String?
    @Nullable var organizationName: String?
    @Nullable var description: String?
    @Nullable var role: String?
    var tokenPrefix: String
    var createdAt: String
    @Nullable var createdByName: String?
    @Nullable var expiresAt: String?
    @Nullable var lastUsedAt: String?
    var active: Bool
    /// The token itself, in the answer to its creation only.
    var token: String?

    init(_ token: Token, project: Project?, secret: String? = nil) {
        id = token.id
        kind = token.kind.rawValue
        _projectId = Nullable(wrappedValue: project?.uuid)
        _projectName = Nullable(wrappedValue: project?.name)
        _organizationName = Nullable(wrappedValue: token.organization)
        _description = Nullable(wrappedValue: token.description)
        _role = Nullable(wrappedValue: token.role?.rawValue)
        tokenPrefix = token.safePart
        createdAt = apiTime(token.createdAt)
        _createdByName = Nullable(wrappedValue: token.createdByName)
        _expiresAt = Nullable(wrappedValue: token.expiresAt.map(apiTime))
        _lastUsedAt = Nullable(wrappedValue: token.lastUsedAt.map(apiTime))
        active = token.isActive(at: Date())
        self.token = secret
    }
}

struct MemberAnswer: Encodable {
    var userId: String
    var email: String
    var name: String
    var organizationName: String
    var role: String
    var createdAt: String
    @Nullable var lastLoginAt: String?
    var hasPassword: Bool

    init(_ member: Member) {
        userId = member.user.id
        email = member.user.email
        name = member.user.name
        organizationName = member.membership.organization
        role = member.membership.role.rawValue
        createdAt = apiTime(member.membership.createdAt)
        _lastLoginAt = Nullable(wrappedValue: member.user.lastLoginAt.map(apiTime))
        hasPassword = member.user.hasPassword
    }
}

/// Who is signed in and what is open to them.
struct SessionAnswer: Encodable {
    struct Person: Encodable {
        @Nullable var id: String?
        @Nullable var email: String?
        var name: String
    }

    var isLoopback: Bool
    var loginRequired: Bool
    var needsSetup: Bool
    @Nullable var user: Person?
    var organizations: [OrganizationAnswer]
    var projects: [ProjectAnswer]

    /// - Parameter principal: nil when nobody is signed in.
    init(_ services: AccountServices, principal: Principal?, baseURL: String) {
        let authentication = services.authentication
        isLoopback = authentication.isLoopback
        loginRequired = !authentication.isLoopback
        needsSetup = !authentication.isLoopback && !authentication.hasUsers
        let person = principal.map {
            Person(
                id: $0.user?.id, email: $0.user?.email, name: $0.displayName)
        }
        _user = Nullable(wrappedValue: person)
        organizations = principal.map { authentication.organizations(of: $0).map(OrganizationAnswer.init) } ?? []
        projects =
            principal.map {
                authentication.projects(of: $0).map { ProjectAnswer($0.item, role: $0.role, baseURL: baseURL) }
            } ?? []
    }
}
