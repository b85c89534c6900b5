/// `SELECT unnest(tags), count(*) … GROUP BY 1`: the engine does not unnest in grouped queries, so the calls move into FROM, where they
/// are joined to each row.
struct GroupedUnnest {
    let engine: SyntaxEngine
    /// Start of names that nothing else can have.
    let nonce: String

    /// Rewrites one SELECT; others than grouped ones with `unnest` stay.
    func rewrite(_ select: inout JSONValue) throws(QueryError) {
        let isGrouped = select["group_expressions"]?.array?.isEmpty == false || select["aggregate_handling"]?.string == "FORCE_AGGREGATES"
        guard isGrouped, let source = select["from_table"], source.nodeType != "EMPTY" else { return }
        var calls: [JSONValue] = []
        var items = select["select_list"]?.array ?? []
        for index in items.indices {
            let original = items[index]
            replace(&items[index], &calls)
            if original["alias"]?.string == "", items[index] != original {
                items[index]["alias"] = .string(try engine.render(expression: original))
            }
        }
        guard !calls.isEmpty || Self.contains(select["group_expressions"]) else { return }
        select["select_list"] = .array(items)
        for key in ["group_expressions", "modifiers"] {
            guard var value = select[key] else { continue }
            replace(&value, &calls)
            select[key] = value
        }
        var joined = source
        for (index, call) in calls.enumerated() {
            guard
                var join = try engine.parse("SELECT 1 FROM a, unnest(b) AS \(nonce)u\(index)(\(nonce)v\(index))").onlyStatement?[
                    "from_table"],
                var function = join["right"]
            else { return }
            function["function"] = call
            join["left"] = joined
            join["right"] = function
            joined = join
        }
        select["from_table"] = joined
    }

    private static func contains(_ node: JSONValue?) -> Bool {
        switch node {
        case .array(let elements): elements.contains { contains($0) }
        case .object(let members): node?.functionName == "unnest" || members.contains { contains($0.value) }
        default: false
        }
    }

    /// Replaces calls by references to the columns they become; equal calls share one.
    private func replace(_ node: inout JSONValue, _ calls: inout [JSONValue]) {
        switch node {
        case .array(var elements):
            node = .null
            for index in elements.indices { replace(&elements[index], &calls) }
            node = .array(elements)
        case .object(var members):
            if node.expressionClass == "SUBQUERY" { return }
            if node.functionName == "unnest", node.children.count == 1 {
                let alias = node["alias"] ?? .string("")
                var call = Self.plain(node)
                call["alias"] = .string("")
                let index = calls.firstIndex(of: call) ?? calls.count
                if index == calls.count { calls.append(call) }
                node = Expressions.column("\(nonce)v\(index)")
                node["alias"] = alias
                return
            }
            node = .null
            for index in members.indices { replace(&members[index].value, &calls) }
            node = .object(members)
        default: return
        }
    }

    /// Without places, so that equal calls compare equal.
    private static func plain(_ node: JSONValue) -> JSONValue {
        switch node {
        case .array(let elements): .array(elements.map(plain))
        case .object(let members):
            .object(members.filter { $0.key != "query_location" }.map { JSONValue.Member(key: $0.key, value: plain($0.value)) })
        default: node
        }
    }
}
