/// What a user or an API key may do in an organisation; each role may do everything the one before it may.
public enum Role: String, Codable, Sendable, CaseIterable, Comparable {
    /// Looks at everything.
    case viewer
    /// Also sends telemetry and manages the settings and tokens of projects.
    case member
    /// Also manages members, API keys, projects and the organisation.
    case owner

    public static func < (left: Role, right: Role) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .viewer: 0
        case .member: 1
        case .owner: 2
        }
    }

    /// Whether the role includes `access` to its organisation's projects.
    public func allows(_ access: Access) -> Bool {
        switch access {
        case .read: true
        case .write, .manage: self >= .member
        case .administer: self == .owner
        }
    }
}
