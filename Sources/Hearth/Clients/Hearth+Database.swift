extension Hearth {
    /// Records a statement that a client sends to a database.
    ///
    /// ```swift
    /// let rows = try await Hearth.withDatabaseQuery(system: "postgresql", "SELECT * FROM orders WHERE id = $1", namespace: "shop") { _ in
    ///     try await client.query("SELECT * FROM orders WHERE id = \(id)")
    /// }
    /// ```
    /// The span is named by the statement's operation and table, such as `SELECT orders`; its message is the statement.
    /// - Parameters:
    ///   - system: `db.system.name`: `postgresql`, `mysql`, `sqlite`, …
    ///   - query: the statement with placeholders: what stands in it is recorded.
    ///   - namespace: `db.namespace`, the name of the database.
    ///   - parameters: recorded as `db.query.parameter.<number>` when they are given; leave them out when they may be private.
    ///   - serverAddress: `server.address`.
    ///   - serverPort: `server.port`.
    ///   - fileID: `code.filepath`, filled in by the compiler.
    ///   - function: `code.function`, filled in by the compiler.
    ///   - line: `code.lineno`, filled in by the compiler.
    ///   - operation: runs once, inside of the span.
    public static func withDatabaseQuery<Result, Failure: Error>(
        system: String,
        _ query: String,
        namespace: String? = nil,
        parameters: [any AttributeConvertible]? = nil,
        serverAddress: String? = nil,
        serverPort: Int? = nil,
        fileID: String = #fileID,
        function: String = #function,
        line: Int = #line,
        _ operation: (HearthSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard isConfigured else { return try operation(.notRecorded) }
        let call = DatabaseCall(system, sql: query, namespace, parameters, serverAddress, serverPort)
        return try call.run(at: SourceLocation(file: fileID, function: function, line: line), operation)
    }

    /// Records a statement that an asynchronous client sends to a database; see the synchronous form.
    nonisolated(nonsending) public static func withDatabaseQuery<Result, Failure: Error>(
        system: String,
        _ query: String,
        namespace: String? = nil,
        parameters: [any AttributeConvertible]? = nil,
        serverAddress: String? = nil,
        serverPort: Int? = nil,
        fileID: String = #fileID,
        function: String = #function,
        line: Int = #line,
        _ operation: nonisolated(nonsending) (HearthSpan) async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        guard isConfigured else { return try await operation(.notRecorded) }
        let call = DatabaseCall(system, sql: query, namespace, parameters, serverAddress, serverPort)
        return try await call.run(at: SourceLocation(file: fileID, function: function, line: line), operation)
    }

    /// Records a command that a client sends to Redis or Valkey.
    ///
    /// ```swift
    /// try await Hearth.withRedisCommand("SET", arguments: [key, value]) { _ in try await redis.set(key, to: value) }
    /// ```
    /// - Parameters:
    ///   - command: `db.operation.name`, and the span's name.
    ///   - arguments: their number is recorded, as `?` each.
    ///   - recordsArguments: whether the arguments themselves are recorded, the first 1,000 characters of them.
    ///   - database: `db.namespace`, the number of the database.
    ///   - serverAddress: `server.address`.
    ///   - serverPort: `server.port`.
    ///   - fileID: `code.filepath`, filled in by the compiler.
    ///   - function: `code.function`, filled in by the compiler.
    ///   - line: `code.lineno`, filled in by the compiler.
    ///   - operation: runs once, inside of the span.
    public static func withRedisCommand<Result, Failure: Error>(
        _ command: String,
        arguments: [String] = [],
        recordsArguments: Bool = false,
        database: Int? = nil,
        serverAddress: String? = nil,
        serverPort: Int? = nil,
        fileID: String = #fileID,
        function: String = #function,
        line: Int = #line,
        _ operation: (HearthSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard isConfigured else { return try operation(.notRecorded) }
        let call = DatabaseCall(redis: command, arguments, recordsArguments, database, serverAddress, serverPort)
        return try call.run(at: SourceLocation(file: fileID, function: function, line: line), operation)
    }

    /// Records a command that an asynchronous client sends to Redis or Valkey; see the synchronous form.
    nonisolated(nonsending) public static func withRedisCommand<Result, Failure: Error>(
        _ command: String,
        arguments: [String] = [],
        recordsArguments: Bool = false,
        database: Int? = nil,
        serverAddress: String? = nil,
        serverPort: Int? = nil,
        fileID: String = #fileID,
        function: String = #function,
        line: Int = #line,
        _ operation: nonisolated(nonsending) (HearthSpan) async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        guard isConfigured else { return try await operation(.notRecorded) }
        let call = DatabaseCall(redis: command, arguments, recordsArguments, database, serverAddress, serverPort)
        return try await call.run(at: SourceLocation(file: fileID, function: function, line: line), operation)
    }
}
