import Foundation
import GRDB

extension ControlStore {
    public func organizations() async throws(ControlStoreError) -> [Organization] {
        try await read { try Organization.order(Column("name")).fetchAll($0) }
    }

    /// Makes an organisation; `owner` becomes its first owner.
    ///
    /// - Throws: `invalid` for the name, `conflict` when it is taken.
    public func createOrganization(_ name: String, owner userID: String?) async throws(ControlStoreError) -> Organization {
        try AccountNames.checkOrganization(name)
        return try await write { database in
            guard try Organization.filter(Column("name") == name).fetchCount(database) == 0 else {
                throw ControlStoreError.conflict("the organisation \(name) exists already")
            }
            let organization = Organization(name: name)
            try organization.insert(database)
            if let userID {
                try Membership(organization: name, userID: userID, role: .owner, createdAt: organization.createdAt).insert(database)
            }
            return organization
        }
    }

    public func projects() async throws(ControlStoreError) -> [Project] {
        try await read { try Project.order(Column("organization"), Column("name")).fetchAll($0) }
    }

    /// The project at `organization/name`.
    ///
    /// - Throws: `unknownProject`, with a sentence that names it.
    public func project(path: String) async throws(ControlStoreError) -> Project {
        let parts = path.split(separator: "/", maxSplits: 1).map(String.init)
        let found = try await read { database -> Project? in
            guard parts.count == 2 else { return nil }
            return try Project.filter(Column("organization") == parts[0] && Column("name") == parts[1]).fetchOne(database)
        }
        guard let found else {
            throw ControlStoreError(
                code: .unknownProject,
                description: "there is no project \(path); a project is named organization/project, such as local/default")
        }
        return found
    }

    /// - Throws: `invalid` for the name, `conflict` when it is taken, `notFound` for the organisation.
    public func createProject(
        organization: String, name: String, description: String? = nil
    ) async throws(ControlStoreError) -> Project {
        try AccountNames.checkProject(name)
        try AccountNames.checkText(description, field: "description")
        return try await write { database in
            guard try Organization.filter(Column("name") == organization).fetchCount(database) == 1 else {
                throw ControlStoreError.notFound("there is no organisation \(organization)")
            }
            try Self.checkFree(name, organization, database)
            var project = Project(id: 0, organization: organization, name: name, description: description)
            try database.execute(
                sql: """
                    INSERT INTO project (uuid, organization, name, description, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [project.uuid, organization, name, description, project.createdAt, project.updatedAt])
            project.id = Int32(truncatingIfNeeded: database.lastInsertedRowID)
            return project
        }
    }

    /// Changes a project's name and description; nil leaves the name as it is.
    public func updateProject(
        _ id: Int32, name: String?, description: String??
    ) async throws(ControlStoreError) -> Project {
        if let name { try AccountNames.checkProject(name) }
        if let text = description { try AccountNames.checkText(text, field: "description") }
        return try await write { database in
            guard var project = try Project.fetchOne(database, key: id) else { throw Self.noProject }
            if let name, name != project.name {
                guard !project.isDefault else {
                    throw ControlStoreError.conflict("\(project.path) keeps its name: clients without a token write to it")
                }
                try Self.checkFree(name, project.organization, database)
                project.name = name
            }
            if let text = description { project.description = text }
            project.updatedAt = Date()
            try project.update(database)
            return project
        }
    }

    /// Removes a project with its settings and ends its tokens; its number is never given out again.
    public func deleteProject(_ id: Int32) async throws(ControlStoreError) {
        try await write { database in
            guard let project = try Project.fetchOne(database, key: id) else { throw Self.noProject }
            guard !project.isDefault else {
                throw ControlStoreError.conflict("\(project.path) cannot be deleted: clients without a token write to it")
            }
            try database.execute(
                sql: "UPDATE token SET revoked_at = ? WHERE project_id = ? AND revoked_at IS NULL", arguments: [Date(), id])
            try database.execute(sql: "DELETE FROM setting WHERE project_id = ?", arguments: [id])
            try project.delete(database)
        }
    }

    private static let noProject = ControlStoreError(code: .unknownProject, description: "there is no such project")

    private static func checkFree(_ name: String, _ organization: String, _ database: Database) throws {
        let taken = try Project.filter(Column("organization") == organization && Column("name") == name).fetchCount(database) > 0
        if taken { throw ControlStoreError.conflict("the organisation \(organization) already has a project \(name)") }
    }
}
