import Foundation
import GRDB

/// The tables of users, roles, tokens and sessions, as they were when they came.
enum AccountTables {
    static func create(_ database: Database) throws {
        try widenOrganizations(database)
        try createUsers(database)
        try database.create(table: "token") { table in
            table.primaryKey("id", .text)
            table.column("kind", .text).notNull()
            table.column("hash", .blob).notNull().unique()
            table.column("safe_part", .text).notNull()
            // Plain numbers and names, no references: a revoked token outlives what it was for, so that it stays refused.
            table.column("organization", .text)
            table.column("project_id", .integer).indexed()
            table.column("user_id", .text).indexed()
            table.column("role", .text)
            table.column("description", .text)
            table.column("created_at", .datetime).notNull()
            table.column("created_by_name", .text)
            table.column("expires_at", .datetime)
            table.column("revoked_at", .datetime)
            table.column("last_used_at", .datetime)
        }
    }

    private static func widenOrganizations(_ database: Database) throws {
        try database.alter(table: "organization") { table in
            table.add(column: "id", .text).notNull().defaults(to: "")
            table.add(column: "created_at", .datetime).notNull().defaults(to: "")
        }
        try database.alter(table: "project") { table in
            table.add(column: "uuid", .text).notNull().defaults(to: "")
            table.add(column: "description", .text)
            table.add(column: "created_at", .datetime).notNull().defaults(to: "")
            table.add(column: "updated_at", .datetime).notNull().defaults(to: "")
        }
        let now = Date()
        for name in try String.fetchAll(database, sql: "SELECT name FROM organization") {
            try database.execute(
                sql: "UPDATE organization SET id = ?, created_at = ? WHERE name = ?", arguments: [SecretText.uuid(), now, name])
        }
        for id in try Int64.fetchAll(database, sql: "SELECT id FROM project") {
            try database.execute(
                sql: "UPDATE project SET uuid = ?, created_at = ?, updated_at = ? WHERE id = ?",
                arguments: [SecretText.uuid(), now, now, id])
        }
        try database.create(index: "organization_id", on: "organization", columns: ["id"], unique: true)
        try database.create(index: "project_uuid", on: "project", columns: ["uuid"], unique: true)
    }

    private static func createUsers(_ database: Database) throws {
        try database.create(table: "user_account") { table in
            table.primaryKey("id", .text)
            table.column("email", .text).notNull().unique().collate(.nocase)
            table.column("name", .text).notNull()
            table.column("password", .text)
            table.column("created_at", .datetime).notNull()
            table.column("last_login_at", .datetime)
        }
        try database.create(table: "membership") { table in
            table.column("organization", .text).notNull().references("organization", column: "name", onDelete: .cascade)
            table.column("user_id", .text).notNull().references("user_account", column: "id", onDelete: .cascade)
            table.column("role", .text).notNull()
            table.column("created_at", .datetime).notNull()
            table.primaryKey(["organization", "user_id"])
        }
        try database.create(table: "session") { table in
            table.primaryKey("id", .text)
            table.column("hash", .blob).notNull().unique()
            table.column("user_id", .text).notNull().references("user_account", column: "id", onDelete: .cascade)
            table.column("created_at", .datetime).notNull()
            table.column("last_used_at", .datetime).notNull()
            table.column("expires_at", .datetime).notNull()
            table.column("address", .text)
            table.column("user_agent", .text)
        }
        try database.create(table: "password_link") { table in
            table.primaryKey("hash", .blob)
            table.column("user_id", .text).notNull().references("user_account", column: "id", onDelete: .cascade)
            table.column("purpose", .text).notNull()
            table.column("organization", .text)
            table.column("created_at", .datetime).notNull()
            table.column("expires_at", .datetime).notNull()
        }
    }
}
