// Statements of GRDB as they run, and those of any other client by hand.
import GRDB
import Hearth
import HearthGRDB

try Hearth.configure()

var configuration = Configuration()
configuration.recordSpans(namespace: "shop")
let database = try DatabaseQueue(configuration: configuration)

try await Hearth.span("place order") { _ in
    try await database.write { db in
        try db.create(table: "orders") { table in
            table.primaryKey("id", .integer)
            table.column("customer", .text).notNull()
            table.column("total", .double).notNull()
        }
        try db.execute(sql: "INSERT INTO orders (customer, total) VALUES (?, ?)", arguments: ["Ada Lovelace", 12.5])
    }
    let total = try await database.read { db in
        try Double.fetchOne(db, sql: "SELECT sum(total) FROM orders WHERE customer = ?", arguments: ["Ada Lovelace"])
    }
    print(total ?? 0)
}

// Other clients: the statement in, what they return out.
let rows = Hearth.withDatabaseQuery(
    system: "postgresql", "SELECT name FROM customers WHERE id = $1", namespace: "crm", parameters: [7], serverAddress: "db.internal",
    serverPort: 5432
) { span in
    span.setAttribute("db.response.returned_rows", 1)
    return ["Ada Lovelace"]
}
print(rows)

let cached = await Hearth.withRedisCommand("get", arguments: ["order:1"], database: 2) { _ -> String? in
    await Task.yield()
    return nil
}
print(cached ?? "not cached")
await Hearth.withRedisCommand("SET", arguments: ["order:1", "12.5"], recordsArguments: true) { _ in await Task.yield() }
