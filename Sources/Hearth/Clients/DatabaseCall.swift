extension InstrumentationScope {
    /// The scope of statements and commands that clients send to databases.
    static let database = InstrumentationScope(name: "hearth.database", version: SDKVersion.text)
}

/// Name, message and attributes of a statement or command, by OpenTelemetry's conventions for database clients.
package struct DatabaseCall: Sendable {
    package var name: String
    package var message: String
    package var attributes: Attributes

    /// Longer statements are cut in messages; the attribute has the whole.
    private static let maximumMessageLength = 256

    package init(
        _ system: String,
        sql: String,
        _ namespace: String?,
        _ parameters: [any AttributeConvertible]?,
        _ serverAddress: String?,
        _ serverPort: Int?
    ) {
        let summary = SQLSummary(sql)
        name = summary.text
        message = MessageTemplate.shortened(sql, to: Self.maximumMessageLength)
        attributes = ["db.system.name": system, "db.query.text": sql]
        if !summary.operation.isEmpty { attributes["db.operation.name"] = .string(summary.operation) }
        if let collection = summary.collection { attributes["db.collection.name"] = .string(collection) }
        for (index, parameter) in (parameters ?? []).enumerated() { attributes["db.query.parameter.\(index)"] = parameter.attributeValue }
        set(namespace, serverAddress, serverPort)
    }

    init(redis command: String, _ arguments: [String], _ recordsArguments: Bool, _ database: Int?, _ address: String?, _ port: Int?) {
        let operation = command.uppercased()
        let words = recordsArguments ? arguments : arguments.map { _ in "?" }
        let text = MessageTemplate.shortened(([operation] + words).joined(separator: " "), to: 1000)
        name = operation
        message = MessageTemplate.shortened(text, to: Self.maximumMessageLength)
        attributes = ["db.system.name": "redis", "db.operation.name": operation, "db.query.text": text]
        set(database.map { "\($0)" }, address, port)
    }

    /// Runs a closure inside of the call's span.
    func run<Result, Failure: Error>(
        at source: SourceLocation,
        _ operation: (HearthSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try Hearth.span(
            name, attributes, kind: .client, scope: .database, fileID: source.file, function: source.function, line: source.line
        ) { span throws(Failure) in
            span.setMessage(message)
            return try operation(span)
        }
    }

    /// Runs an asynchronous closure inside of the call's span.
    nonisolated(nonsending) func run<Result, Failure: Error>(
        at source: SourceLocation,
        _ operation: nonisolated(nonsending) (HearthSpan) async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        try await Hearth.span(
            name, attributes, kind: .client, scope: .database, fileID: source.file, function: source.function, line: source.line
        ) { span async throws(Failure) in
            span.setMessage(message)
            return try await operation(span)
        }
    }

    private mutating func set(_ namespace: String?, _ serverAddress: String?, _ serverPort: Int?) {
        if let namespace { attributes["db.namespace"] = .string(namespace) }
        if let serverAddress { attributes["server.address"] = .string(serverAddress) }
        if let serverPort { attributes["server.port"] = .int(Int64(serverPort)) }
    }
}
