import Storage

/// Lets a search in message bodies go by the index of their pages: `attributes->>'gen_ai.output.messages' ILIKE '%text%'` in WHERE becomes a
/// hidden column of the table, as do LIKE and `contains`.
///
/// Only under AND and OR: the column is false, not NULL, where a record has no such body, and nothing else can tell the two apart there.
struct BodySearchRewriter {
    let tables: AttributeTables

    func rewrite(_ node: inout JSONValue, _ conditions: inout [BodyCondition]) {
        if node.expressionClass == "CONJUNCTION" {
            var children = node.children
            for index in children.indices { rewrite(&children[index], &conditions) }
            node["children"] = .array(children)
            return
        }
        guard node.expressionClass == "FUNCTION", node.children.count == 2, let key = tables.bodyKey(node.children[0]),
            let pattern = node.children[1].stringConstant, let (text, ignoresCase) = Self.text(node.functionName, pattern)
        else { return }
        let same = conditions.first { BodyCondition(name: $0.name, key: key, text: text, ignoresCase: ignoresCase) == $0 }
        guard
            let condition = same
                ?? BodyCondition(name: "_match_\(conditions.count)", key: key, text: text, ignoresCase: ignoresCase)
        else { return }
        if same == nil { conditions.append(condition) }
        // The reference to `attributes`, with its qualifier, becomes that of the column.
        var column = node.children[0].children[0]
        let qualifier = column["column_names"]?.array?.dropLast() ?? []
        column["column_names"] = .array(qualifier + [.string(condition.name)])
        column["alias"] = node["alias"]
        node = column
    }

    /// The text that is looked for anywhere; nil for other patterns.
    private static func text(_ function: String?, _ pattern: String) -> (text: String, ignoresCase: Bool)? {
        switch function {
        case "contains": return (pattern, false)
        case "~~", "~~*":
            guard pattern.count > 2, pattern.hasPrefix("%"), pattern.hasSuffix("%") else { return nil }
            let inner = pattern.dropFirst().dropLast()
            return inner.contains { $0 == "%" || $0 == "_" || $0 == "\\" } ? nil : (String(inner), function == "~~*")
        default: return nil
        }
    }
}
