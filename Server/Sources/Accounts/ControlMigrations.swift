import GRDB

/// The control database's schema, one registered step per version; a step is never edited once released.
enum ControlMigrations {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 organisations and projects") { database in
            try database.create(table: "organization") { table in
                table.primaryKey("name", .text)
            }
            try database.create(table: "project") { table in
                table.autoIncrementedPrimaryKey("id")
                table.column("organization", .text).notNull().references("organization", column: "name")
                table.column("name", .text).notNull()
                table.uniqueKey(["organization", "name"])
            }
            try database.execute(
                sql: "INSERT INTO organization (name) VALUES (?)", arguments: [Project.defaultOrganization]
            )
            try database.execute(
                sql: "INSERT INTO project (id, organization, name) VALUES (1, ?, ?)",
                arguments: [Project.defaultOrganization, Project.defaultName]
            )
        }
        migrator.registerMigration("2 settings") { database in
            try database.create(table: "setting") { table in
                // 0 stands for the server as a whole.
                table.column("project_id", .integer).notNull()
                table.column("name", .text).notNull()
                table.column("document", .text).notNull()
                table.column("updated_at", .text).notNull()
                table.primaryKey(["project_id", "name"])
            }
        }
        migrator.registerMigration("3 accounts", migrate: AccountTables.create)
        migrator.registerMigration("4 redaction counts") { database in
            try database.create(table: "redaction_count") { table in
                table.column("project_id", .integer).notNull()
                // UTC, YYYY-MM-DD.
                table.column("day", .text).notNull()
                table.column("rule", .text).notNull()
                table.column("count", .integer).notNull()
                table.column("last_at", .text).notNull()
                table.primaryKey(["project_id", "day", "rule"])
            }
        }
        return migrator
    }
}
