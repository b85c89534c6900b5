import Storage

/// Long lists of texts in `IN` are looked up in a set, row by row, instead of being joined in every file of the table.
enum LongLists {
    /// Shorter lists are compared one by one, and those of traces say which files have them (see ``QueryShape``).
    static let shortest = QueryShape.traceLimit + 1

    /// Columns that are texts in every table: only with them can `IN` mean nothing but equal texts.
    private static let columns: Set<String> = [
        "trace_id", "span_id", "parent_span_id", "agent_span_id", "conversation_id", "user_id", "response_id", "span_name", "service_name",
        "agent_name", "model", "message",
    ]

    /// Replaces one `IN` or `NOT IN`; other nodes stay as they are.
    static func rewrite(_ node: inout JSONValue) {
        guard node.expressionClass == "OPERATOR", node.nodeType == "COMPARE_IN" || node.nodeType == "COMPARE_NOT_IN" else { return }
        let children = node.children
        guard children.count > shortest, isText(children[0]) else { return }
        let texts = children.dropFirst().compactMap(\.stringConstant)
        guard texts.count == children.count - 1 else { return }
        let call = Expressions.call(TextSetFunction.name, [children[0], Expressions.text(TextSetFunction.list(texts))])
        let alias = node["alias"]
        node = node.nodeType == "COMPARE_IN" ? call : Expressions.negation(call)
        node["alias"] = alias
    }

    private static func isText(_ node: JSONValue) -> Bool {
        if node.functionName == "->>" { return true }
        guard node.expressionClass == "COLUMN_REF", let name = node["column_names"]?.array?.last?.string else { return false }
        return columns.contains(name.lowercased())
    }
}
