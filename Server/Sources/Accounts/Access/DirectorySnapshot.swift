import Foundation
import GRDB

/// Everything needed to decide about a request, as it was at one moment. Immutable, so requests share it without copying.
final class DirectorySnapshot: Sendable {
    let projects: [Int32: Project]
    let projectNumbers: [String: Int32]
    let organizations: [String: Organization]
    let users: [String: User]
    /// By user, then organisation.
    let roles: [String: [String: Role]]
    /// Also revoked ones: a known token is refused even where an unknown one would be let in.
    let tokens: [SecretHash: Token]
    let sessions: [SecretHash: Session]

    init() {
        projects = [:]
        projectNumbers = [:]
        organizations = [:]
        users = [:]
        roles = [:]
        tokens = [:]
        sessions = [:]
    }

    init(_ database: Database) throws {
        let projects = try Project.fetchAll(database)
        self.projects = Dictionary(uniqueKeysWithValues: projects.map { ($0.id, $0) })
        // Paths and UUIDs share one table: a path has a slash, a UUID has none.
        var numbers: [String: Int32] = [:]
        for project in projects {
            numbers[project.path] = project.id
            numbers[project.uuid] = project.id
        }
        projectNumbers = numbers
        organizations = Dictionary(uniqueKeysWithValues: try Organization.fetchAll(database).map { ($0.name, $0) })
        users = Dictionary(uniqueKeysWithValues: try User.fetchAll(database).map { ($0.id, $0) })
        var roles: [String: [String: Role]] = [:]
        for membership in try Membership.fetchAll(database) {
            roles[membership.userID, default: [:]][membership.organization] = membership.role
        }
        self.roles = roles
        tokens = Dictionary(
            try Token.fetchAll(database).compactMap { token in SecretHash(stored: token.hash).map { ($0, token) } },
            uniquingKeysWith: { first, _ in first })
        sessions = Dictionary(
            try Session.fetchAll(database).compactMap { session in SecretHash(stored: session.hash).map { ($0, session) } },
            uniquingKeysWith: { first, _ in first })
    }

    /// The project with this `organization/name` or UUID.
    func project(_ name: String) -> Project? { projectNumbers[name].flatMap { projects[$0] } }
}
