/// Puts the request's row limit over the query's own.
enum RowLimit {
    static func apply(_ limit: Int, to tree: inout JSONValue) throws(QueryError) {
        guard var statements = tree["statements"]?.array, statements.count == 1, var node = statements[0]["node"] else { return }
        var modifiers = node["modifiers"]?.array ?? []
        if let index = modifiers.firstIndex(where: { $0.nodeType == "LIMIT_MODIFIER" }) {
            let own = modifiers[index]["limit"] ?? .null
            if own.isNull {
                modifiers[index]["limit"] = Expressions.integer(limit)
            } else if own.integerConstant.map({ $0 > limit }) ?? true {
                modifiers[index]["limit"] = Expressions.call("least", [own, Expressions.integer(limit)])
                if own.integerConstant != nil { modifiers[index]["limit"] = Expressions.integer(limit) }
            }
        } else if !modifiers.contains(where: { $0.nodeType == "LIMIT_PERCENT_MODIFIER" }) {
            modifiers.append(
                .object([
                    .init(key: "type", value: .string("LIMIT_MODIFIER")), .init(key: "limit", value: Expressions.integer(limit)),
                    .init(key: "offset", value: .null),
                ])
            )
        }
        node["modifiers"] = .array(modifiers)
        statements[0]["node"] = node
        tree["statements"] = .array(statements)
    }
}
