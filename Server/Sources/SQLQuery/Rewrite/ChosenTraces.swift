/// For a query that takes few of many rows with all that they have: the query for their traces alone.
///
/// The engine joins and unpacks the messages of all rows before it knows which it needs; a million of them are more than its memory. Which
/// rows are chosen takes only what the condition and the order name.
enum ChosenTraces {
    private static let records: Set<QueryTable> = [.records, .recordsAll, .recordsFull]

    /// Functions that choose other rows the second time.
    private static let volatile: Set<String> = ["random", "uuid", "gen_random_uuid", "uuidv4", "uuidv7"]

    /// - Parameters:
    ///   - tree: a query as the user wrote it.
    ///   - limit: most rows.
    ///   - shape: what is known of the query.
    /// - Returns: the query for the `trace_id` of the rows; nil for queries of other kinds.
    static func query(of tree: JSONValue, limit: Int, _ shape: QueryShape) throws(QueryError) -> JSONValue? {
        guard shape.givesRowsOfItsTable, shape.traces == nil, let table = shape.table,
            records.contains(table) || [.llmCalls, .agentRuns, .toolCalls].contains(table)
        else { return nil }
        var tree = tree
        try RowLimit.apply(limit, to: &tree)
        guard let node = tree.onlyStatement, let modifiers = node["modifiers"]?.array, let items = node["select_list"] else { return nil }
        let given = ColumnUse(of: items)
        guard given.needsAll || given.names.contains("attributes") else { return nil }
        var isOrdered = false
        for modifier in modifiers {
            switch modifier.nodeType {
            case "ORDER_MODIFIER":
                guard isPlain(modifier["orders"]?.array ?? [], items.array ?? []) else { return nil }
                isOrdered = true
            case "LIMIT_MODIFIER": guard modifier["limit"]?.integerConstant != nil else { return nil }
            default: return nil
            }
        }
        // Rows of records come as they are read, so that a limit ends the reading; those of other tables are joined before.
        guard isOrdered || !records.contains(table), !isVolatile(node) else { return nil }
        let choosing = tree.withOnlyStatement { node in
            node["select_list"] = .array([Expressions.column("trace_id")])
            node["modifiers"] = .array(modifiers.map(withoutOffset))
        }
        // What the choice itself needs cannot be spared.
        let needed = ColumnUse(of: choosing)
        return needed.needsAll || needed.names.contains("attributes") && !onlyMembers(choosing) ? nil : choosing
    }

    /// Whether the order is by columns of the table and expressions of them, not by places or names in the select list.
    private static func isPlain(_ orders: [JSONValue], _ items: [JSONValue]) -> Bool {
        let names = Set(
            items.compactMap { item -> String? in
                guard let alias = item["alias"]?.string?.lowercased(), !alias.isEmpty else { return nil }
                let isSame = item.expressionClass == "COLUMN_REF" && item["column_names"]?.array?.last?.string?.lowercased() == alias
                return isSame ? nil : alias
            })
        return orders.allSatisfy { order in
            guard let expression = order["expression"] else { return false }
            return expression.expressionClass != "CONSTANT" && expression.expressionClass != "STAR" && !refers(expression, to: names)
        }
    }

    private static func refers(_ node: JSONValue, to names: Set<String>) -> Bool {
        node.contains { node in
            guard node.expressionClass == "COLUMN_REF", let name = node["column_names"]?.array?.first?.string else { return false }
            return names.contains(name.lowercased())
        }
    }

    private static func isVolatile(_ node: JSONValue) -> Bool {
        node.contains { $0.functionName.map(volatile.contains) == true }
    }

    /// Whether `attributes` occurs only as `attributes->>'key'`, which reads what the key needs.
    private static func onlyMembers(_ node: JSONValue) -> Bool {
        switch node {
        case .array(let elements): return elements.allSatisfy(onlyMembers)
        case .object(let members):
            if node.expressionClass == "COLUMN_REF" { return node["column_names"]?.array?.last?.string?.lowercased() != "attributes" }
            if node.functionName == "->>" || node.functionName == "->", node.children.count == 2,
                node.children[0].expressionClass == "COLUMN_REF", node.children[1].stringConstant != nil
            {
                return true
            }
            return members.allSatisfy { onlyMembers($0.value) }
        default: return true
        }
    }

    private static func withoutOffset(_ modifier: JSONValue) -> JSONValue {
        guard let limit = modifier["limit"]?.integerConstant, let offset = modifier["offset"]?.integerConstant else { return modifier }
        var modifier = modifier
        modifier["limit"] = Expressions.integer(limit.addingReportingOverflow(offset).overflow ? .max : limit + offset)
        modifier["offset"] = .null
        return modifier
    }
}
