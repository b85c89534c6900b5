/// Who a request comes from.
public struct Principal: Sendable {
    /// What the request proved.
    public enum Kind: Sendable {
        /// The person at a machine on loopback; owns everything, has no account.
        case localOwner
        /// A signed-in user: by session (its id is given) or by a user token.
        case user(User, session: String?)
        /// A write token, a read token or an API key.
        case token(Token)
    }

    public let kind: Kind
    /// Roles by organisation, of a user.
    let roles: [String: Role]

    /// The role in an organisation as a whole, nil when there is none; write and read tokens have none, nor has an API key
    /// that is restricted to one project.
    public func role(in organization: String) -> Role? {
        switch kind {
        case .localOwner: .owner
        case .user: roles[organization]
        case .token(let token): token.organization == organization && token.projectID == nil ? token.role : nil
        }
    }

    /// The role in a project.
    public func role(in project: Project) -> Role? {
        guard case .token(let token) = kind else { return role(in: project.organization) }
        guard token.organization == project.organization, token.projectID == nil || token.projectID == project.id else { return nil }
        return token.role
    }

    /// Whether this is somebody with roles, as opposed to a write or read token.
    public var hasRoles: Bool {
        if case .token(let token) = kind { return token.kind == .apiKey }
        return true
    }

    /// Whether this may do `access` with `project`.
    public func allows(_ access: Access, _ project: Project) -> Bool {
        guard case .token(let token) = kind, token.kind != .apiKey else { return role(in: project)?.allows(access) ?? false }
        guard token.projectID == project.id else { return false }
        return token.kind == .write ? access == .write : access == .read
    }

    /// Whether this may see that `project` exists.
    func sees(_ project: Project) -> Bool { Access.allCases.contains { allows($0, project) } }

    /// Whether this is bound to one project.
    public var onlyProject: Int32? {
        if case .token(let token) = kind { return token.projectID }
        return nil
    }

    /// The account, when there is one.
    public var user: User? {
        if case .user(let user, _) = kind { return user }
        return nil
    }

    public var sessionID: String? {
        if case .user(_, let session) = kind { return session }
        return nil
    }

    /// Name to show as the maker of something.
    public var displayName: String {
        switch kind {
        case .localOwner: "local owner"
        case .user(let user, _): user.name
        case .token(let token): token.description ?? token.safePart
        }
    }
}
