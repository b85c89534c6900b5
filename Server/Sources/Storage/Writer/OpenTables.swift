import DuckDBKit

/// The writer's connection with a prepared insert per table, kept over many transactions. Given up when the engine is closed.
final class OpenTables {
    let connection: Connection
    let span: InsertFeed
    let resource: InsertFeed
    let scope: InsertFeed
    let step: InsertFeed
    let stepDecision: InsertFeed
    let metricPoint: InsertFeed
    private let begin: PreparedStatement
    private let commit: PreparedStatement

    init(_ connection: consuming Connection) throws(DuckDBError) {
        span = try InsertFeed(table: "span", connection: connection)
        resource = try InsertFeed(table: "resource", connection: connection)
        scope = try InsertFeed(table: "scope", connection: connection)
        step = try InsertFeed(table: "step", connection: connection)
        stepDecision = try InsertFeed(table: "step_decision", connection: connection)
        metricPoint = try InsertFeed(table: "metric_point", connection: connection)
        begin = try connection.prepare("BEGIN")
        commit = try connection.prepare("COMMIT")
        self.connection = connection
    }

    func beginTransaction() throws(DuckDBError) { try Self.run(begin) }

    /// Returns when the transaction is durable.
    func commitTransaction() throws(DuckDBError) { try Self.run(commit) }

    private static func run(_ statement: borrowing PreparedStatement) throws(DuckDBError) {
        var result = try statement.execute()
        try result.drain()
    }
}
