/// Reading helpers for the engine's syntax tree, as `json_serialize_sql` of DuckDB 1.5 writes it.
extension JSONValue {
    /// Kind of expression (`FUNCTION`, `COLUMN_REF`, …), nil for anything that is not an expression.
    var expressionClass: String? { self["class"]?.string }

    /// Kind of query node, table reference or modifier.
    var nodeType: String? { self["type"]?.string }

    /// Byte offset into the parsed text, when the parser gave one.
    var location: Int? { self["query_location"]?.integer }

    /// Text of a string constant.
    var stringConstant: String? {
        guard expressionClass == "CONSTANT", let value = self["value"], value["type"]?["id"]?.string == "VARCHAR" else { return nil }
        return value["value"]?.string
    }

    /// Value of an integer constant.
    var integerConstant: Int? {
        guard expressionClass == "CONSTANT", let value = self["value"], let type = value["type"]?["id"]?.string else { return nil }
        return ["TINYINT", "SMALLINT", "INTEGER", "BIGINT"].contains(type) ? value["value"]?.integer : nil
    }

    /// Lower-case name of a called function; nil for other expressions.
    var functionName: String? {
        guard expressionClass == "FUNCTION" || expressionClass == "WINDOW" else { return nil }
        return self["function_name"]?.string?.lowercased()
    }

    var children: [JSONValue] { self["children"]?.array ?? [] }

    /// The statement's query node, from a whole serialised tree.
    var onlyStatement: JSONValue? {
        guard let statements = self["statements"]?.array, statements.count == 1 else { return nil }
        return statements[0]["node"]
    }

    /// The tree with its query node changed.
    func withOnlyStatement(_ change: (inout JSONValue) -> Void) -> JSONValue {
        guard var statements = self["statements"]?.array, statements.count == 1, var node = statements[0]["node"] else { return self }
        change(&node)
        statements[0]["node"] = node
        var tree = self
        tree["statements"] = .array(statements)
        return tree
    }

    /// Whether the condition holds for this node or one below it.
    func contains(where condition: (JSONValue) -> Bool) -> Bool {
        switch self {
        case .array(let elements): elements.contains { $0.contains(where: condition) }
        case .object(let members): condition(self) || members.contains { $0.value.contains(where: condition) }
        default: false
        }
    }
}
