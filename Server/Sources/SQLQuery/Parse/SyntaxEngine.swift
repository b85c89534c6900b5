import DuckDBKit

/// The engine's own parser, used only to turn text into syntax trees and back: a database in memory without data, files or settings.
///
/// Belongs to one thread.
final class SyntaxEngine {
    private let connection: Connection
    private var templates: [String: JSONValue] = [:]

    /// - Parameter connection: one to a database made by ``database()``.
    init(_ connection: consuming Connection) { self.connection = connection }

    /// The locked, empty database that parsers share.
    static func database() throws(DuckDBError) -> Database {
        try Database(
            path: nil,
            options: [
                ("threads", "1"), ("memory_limit", "256MB"), ("enable_external_access", "false"), ("autoinstall_known_extensions", "false"),
                ("autoload_known_extensions", "false"), ("allow_community_extensions", "false"), ("lock_configuration", "true"),
            ]
        )
    }

    /// Parses one or more SELECT-like statements.
    ///
    /// - Throws: ``QueryError`` with the parser's message; its position is a byte offset into `sql`.
    func parse(_ sql: String) throws(QueryError) -> JSONValue {
        let tree: JSONValue
        do {
            tree = try JSONReader.value(of: call("SELECT json_serialize_sql($1::VARCHAR)", sql))
        } catch let error as JSONReader.Failure {
            throw QueryError(code: .tooComplex, message: "the query cannot be analysed: \(error.message)")
        } catch let error as QueryError {
            throw error
        } catch {
            throw QueryError(code: .unavailable, message: "the parser failed: \(error)")
        }
        guard tree["error"]?.bool == true else { return tree }
        let message = tree["error_message"]?.string ?? "the query cannot be parsed"
        let position = tree["position"]?.string.flatMap { Int($0) }
        guard tree["error_type"]?.string == "not implemented" else { throw QueryError(code: .syntax, message: message, position: position) }
        let isKind = message.hasPrefix("Only SELECT statements")
        throw QueryError(code: .notAllowed, message: isKind ? "only SELECT statements can be run" : message, position: position)
    }

    /// The SQL text of a tree.
    func render(_ tree: JSONValue) throws(QueryError) -> String {
        String(decoding: try call("SELECT json_deserialize_sql($1::JSON)", tree.text), as: UTF8.self)
    }

    /// The text of one expression, which is also the name the engine gives to it in a select list.
    func render(expression: JSONValue) throws(QueryError) -> String {
        var tree = try template("NULL")
        tree["statements"] = tree["statements"]?.array.map { statements in
            var statement = statements[0]
            var node = statement["node"] ?? .null
            node["select_list"] = .array([expression])
            statement["node"] = node
            return .array([statement])
        }
        return String(try render(tree).dropFirst("SELECT ".count))
    }

    /// The expression of a SELECT with one item, parsed once.
    func expression(_ sql: String) throws(QueryError) -> JSONValue {
        try template(sql).onlyStatement?["select_list"]?.array?.first ?? .null
    }

    private func template(_ sql: String) throws(QueryError) -> JSONValue {
        if let tree = templates[sql] { return tree }
        let tree = try parse("SELECT " + sql)
        templates[sql] = tree
        return tree
    }

    private func call(_ sql: String, _ argument: String) throws(QueryError) -> [UInt8] {
        do {
            var result = try connection.query(sql, [.text(argument)])
            guard let chunk = try result.next(), !chunk.column(0).isNull(0) else { return [] }
            return chunk.column(0).withBytes(0) { Array($0) }
        } catch {
            throw QueryError(code: error.code == .fatal ? .unavailable : .syntax, message: EngineMessage.text(of: error))
        }
    }
}
