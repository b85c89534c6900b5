import DuckDBKit

/// The writer's connection with an appender per table, kept open over many transactions. Given up as a whole after any failure.
final class OpenTables {
    let connection: Connection
    var span: TableAppender
    var resource: TableAppender
    var scope: TableAppender
    var step: TableAppender
    var stepDecision: TableAppender
    var metricPoint: TableAppender

    init(_ connection: consuming Connection) throws(DuckDBError) {
        span = try TableAppender(connection, table: "span")
        resource = try TableAppender(connection, table: "resource")
        scope = try TableAppender(connection, table: "scope")
        step = try TableAppender(connection, table: "step")
        stepDecision = try TableAppender(connection, table: "step_decision")
        metricPoint = try TableAppender(connection, table: "metric_point")
        self.connection = connection
    }

    /// Hands everything appended to the transaction.
    func flush() throws(DuckDBError) {
        try resource.flush()
        try scope.flush()
        try span.flush()
        try step.flush()
        try stepDecision.flush()
        try metricPoint.flush()
    }
}
