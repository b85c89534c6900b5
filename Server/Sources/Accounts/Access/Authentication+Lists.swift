/// An organisation or a project with the asker's role in it.
public struct Listed<Item: Sendable>: Sendable {
    public var item: Item
    public var role: Role

    public init(item: Item, role: Role) {
        self.item = item
        self.role = role
    }
}

extension Authentication {
    /// The organisations in which `principal` has a role, by name.
    public func organizations(of principal: Principal) -> [Listed<Organization>] {
        directory.snapshot.organizations.values.sorted { $0.name < $1.name }
            .compactMap { item in principal.role(in: item.name).map { Listed(item: item, role: $0) } }
    }

    /// The projects in which `principal` has a role, by path.
    public func projects(of principal: Principal) -> [Listed<Project>] {
        directory.snapshot.projects.values.sorted { $0.path < $1.path }
            .compactMap { item in principal.role(in: item).map { Listed(item: item, role: $0) } }
    }

    /// Whether there is an account at all.
    public var hasUsers: Bool { !directory.snapshot.users.isEmpty }

    /// The project with this number.
    public func project(_ id: Int32) -> Project? { directory.snapshot.projects[id] }

    /// The account with this id.
    public func user(_ id: String) -> User? { directory.snapshot.users[id] }

    /// Names of the organisations a user belongs to.
    public func organizations(ofUser id: String) -> Set<String> { Set((directory.snapshot.roles[id] ?? [:]).keys) }
}
