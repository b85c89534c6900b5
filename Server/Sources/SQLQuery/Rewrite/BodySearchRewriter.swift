import Storage

/// Lets a search in message bodies go by the index of their pages: `attributes->>'gen_ai.output.messages' ILIKE '%text%'` in WHERE becomes a
/// hidden column of the table, as do LIKE and `contains`. Several of the same text under one OR become one column: bodies are looked at once.
///
/// Only under AND and OR: the column is false, not NULL, where a record has no such body, and nothing else can tell the two apart there.
struct BodySearchRewriter {
    let tables: AttributeTables

    /// A condition that pages can answer.
    private struct Search {
        /// The names before `attributes`.
        var qualifier: [JSONValue]
        var keys: [String]
        var text: String
        var ignoresCase: Bool

        func isAlike(_ other: Search) -> Bool { qualifier == other.qualifier && text == other.text && ignoresCase == other.ignoresCase }
    }

    func rewrite(_ node: inout JSONValue, _ conditions: inout [BodyCondition]) {
        if node.expressionClass == "CONJUNCTION" {
            var children = node.nodeType == "CONJUNCTION_OR" ? joined(node.children, &conditions) : node.children
            for index in children.indices { rewrite(&children[index], &conditions) }
            if children.count == 1 {
                let alias = node["alias"]
                node = children[0]
                node["alias"] = alias
            } else {
                node["children"] = .array(children)
            }
        } else if let search = search(node), let column = column(search, instead: node, &conditions) {
            node = column
        }
    }

    /// The members of an OR with those that look for the same text put together.
    private func joined(_ children: [JSONValue], _ conditions: inout [BodyCondition]) -> [JSONValue] {
        var kept: [(node: JSONValue, search: Search?)] = []
        for child in children {
            let search = search(child)
            if let search, let same = kept.firstIndex(where: { $0.search?.isAlike(search) == true }) {
                let keys = kept[same].search?.keys ?? []
                kept[same].search?.keys = keys + search.keys.filter { !keys.contains($0) }
            } else {
                kept.append((child, search))
            }
        }
        // `rewrite` makes the columns of the others.
        return kept.map { node, search in
            guard let search, search.keys.count > 1 else { return node }
            return column(search, instead: node, &conditions) ?? node
        }
    }

    private func column(_ search: Search, instead node: JSONValue, _ conditions: inout [BodyCondition]) -> JSONValue? {
        let name = "_match_\(conditions.count)"
        guard let new = BodyCondition(name: name, keys: search.keys, text: search.text, ignoresCase: search.ignoresCase) else { return nil }
        let same = conditions.first { $0.isSame(as: new) }
        if same == nil { conditions.append(new) }
        // The reference to `attributes`, with its qualifier, becomes that of the column.
        var column = node.children[0].children[0]
        column["column_names"] = .array(search.qualifier + [.string((same ?? new).name)])
        column["alias"] = node["alias"]
        return column
    }

    private func search(_ node: JSONValue) -> Search? {
        guard node.expressionClass == "FUNCTION", node.children.count == 2, let key = tables.bodyKey(node.children[0]),
            let pattern = node.children[1].stringConstant, let (text, ignoresCase) = Self.text(node.functionName, pattern)
        else { return nil }
        // What pages cannot answer stays as it is: it must not be put together with others, as only the first would be left.
        guard BodyCondition(name: "", keys: [key], text: text, ignoresCase: ignoresCase) != nil else { return nil }
        let qualifier = node.children[0].children[0]["column_names"]?.array?.dropLast() ?? []
        return Search(qualifier: Array(qualifier), keys: [key], text: text, ignoresCase: ignoresCase)
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
