extension TraceBuilder {
    /// A statement through SQLAlchemy.
    ///
    /// - Parameter canceled: the server gave up; the span is an error.
    mutating func query(_ statement: String, seconds: ClosedRange<Double> = 0.001...0.012, canceled: Bool = false) {
        let operation = statement.split(separator: " ").first.map(String.init) ?? statement
        var attributes = AttributeList()
        attributes.set(contentsOf: baggage)
        let index = open("\(operation) acme", .sqlAlchemy, kind: .client, message: statement, attributes: attributes)
        wait(seconds)
        self[index].closing.set("net.peer.name", "postgres.acme.internal")
        self[index].closing.set("net.peer.port", 5_432)
        self[index].closing.set("db.name", "acme")
        self[index].closing.set("db.statement", statement)
        self[index].closing.set("db.system", "postgresql")
        self[index].closing.set("db.operation", "\(operation) acme")
        if canceled {
            self[index].status = .error
            self[index].statusMessage = "canceling statement due to statement timeout"
            self[index].level = .error
        }
        close(index)
    }

    /// A Redis command.
    mutating func redis(_ command: String, _ arguments: String...) {
        let statement = ([command] + arguments).joined(separator: " ")
        var attributes = AttributeList()
        attributes.set(contentsOf: baggage)
        let index = open(command, .redis, kind: .client, message: statement, attributes: attributes)
        wait(0.0004...0.003)
        self[index].closing.set("db.redis.args_length", arguments.count + 1)
        self[index].closing.set("db.system", "redis")
        self[index].closing.set("db.redis.database_index", 0)
        self[index].closing.set("net.peer.name", "redis.acme.internal")
        self[index].closing.set("net.peer.port", 6_379)
        self[index].closing.set("net.transport", "ip_tcp")
        self[index].closing.set("db.statement", statement)
        close(index)
    }

    /// A statement of a plain OpenTelemetry program, with the current attribute names.
    mutating func plainQuery(_ operation: String, _ table: String, _ statement: String, rows: Int) {
        var attributes = AttributeList()
        attributes.set("db.system.name", "postgresql")
        attributes.set("db.namespace", "acme")
        attributes.set("db.operation.name", operation)
        attributes.set("db.collection.name", table)
        attributes.set("db.query.text", statement)
        attributes.set("server.address", "postgres.acme.internal")
        attributes.set("server.port", 5_432)
        let index = open("\(operation) \(table)", .billing, kind: .client, attributes: attributes)
        wait(0.001...0.02)
        self[index].closing.set("db.response.returned_rows", rows)
        close(index)
    }
}
