import TelemetryModel

/// A query for the rows of few traces by time, without its ORDER BY: sorting what is encoded costs less than sorting what is to be.
struct UnorderedQuery: Sendable {
    /// The column of times; the result must have it.
    static let column = "start_timestamp"
    /// Answers with more bytes are sorted by the engine, so that they can go out while the query runs.
    static let maximumBytes = 32 << 20

    /// Engine SQL; it gives one row more than the query may have, if there are that many: then the engine has to say which come first.
    var sql = ""
    let descending: Bool
    /// Most rows of the answer.
    let limit: Int
    /// Set when the query asks for nothing but all columns of all records of these traces.
    let wholeTraces: [TraceID]?

    /// - Parameters:
    ///   - tree: a query as it will run, with its row limit; becomes the one without order.
    ///   - shape: what is known of it.
    /// - Returns: nil for queries of other kinds.
    init?(_ tree: inout JSONValue, _ shape: QueryShape) {
        guard shape.traces != nil, shape.givesRowsOfItsTable, let node = tree.onlyStatement,
            node["select_list"]?.array?.contains(where: Self.givesTime) == true
        else { return nil }
        var descending: Bool?
        var limit: Int?
        for modifier in node["modifiers"]?.array ?? [] {
            switch modifier.nodeType {
            case "ORDER_MODIFIER":
                guard let orders = modifier["orders"]?.array, orders.count == 1, descending == nil,
                    let expression = orders[0]["expression"], expression.expressionClass == "COLUMN_REF",
                    expression["column_names"]?.array?.last?.string?.lowercased() == Self.column
                else { return nil }
                switch orders[0]["type"]?.string {
                case "DESCENDING": descending = true
                case "ASCENDING", "ORDER_DEFAULT": descending = false
                default: return nil
                }
                guard orders[0]["null_order"]?.string == "ORDER_DEFAULT" else { return nil }
            case "LIMIT_MODIFIER":
                guard limit == nil, modifier["offset"]?.isNull != false, let own = modifier["limit"]?.integerConstant, own > 0 else {
                    return nil
                }
                limit = own
            default: return nil
            }
        }
        guard let descending, let limit else { return nil }
        self.descending = descending
        self.limit = limit
        wholeTraces = Self.wholeTraces(node, shape)
        tree = tree.withOnlyStatement { node in
            node["modifiers"] = .array([
                .object([
                    .init(key: "type", value: .string("LIMIT_MODIFIER")), .init(key: "limit", value: Expressions.integer(limit + 1)),
                    .init(key: "offset", value: .null),
                ])
            ])
        }
    }

    private static func wholeTraces(_ node: JSONValue, _ shape: QueryShape) -> [TraceID]? {
        guard let traces = shape.traces, !traces.isEmpty,
            shape.table == .records || shape.table == .recordsAll || shape.table == .recordsFull,
            let items = node["select_list"]?.array, items.count == 1, isPlainStar(items[0]),
            node["from_table"]?["column_name_alias"]?.array?.isEmpty == true, let condition = node["where_clause"]
        else { return nil }
        let texts: [String?]
        switch condition.nodeType {
        case "COMPARE_EQUAL": texts = [condition["left"]?.stringConstant ?? condition["right"]?.stringConstant]
        case "COMPARE_IN": texts = condition.children.dropFirst().map(\.stringConstant)
        default: return nil
        }
        // Ids are compared as text: one in capitals is none.
        return texts == traces.map { "\($0)" } ? traces : nil
    }

    /// `*` or `records.*`, without anything left out, replaced or renamed.
    private static func isPlainStar(_ item: JSONValue) -> Bool {
        guard item.expressionClass == "STAR", case .object(let members) = item else { return false }
        return members.allSatisfy { member in
            switch member.key {
            case "class", "type", "query_location", "relation_name": true
            default: member.value.isNull || member.value.string == "" || member.value.array?.isEmpty == true || member.value == .bool(false)
            }
        }
    }

    private static func givesTime(_ item: JSONValue) -> Bool {
        if item.expressionClass == "STAR" { return true }
        let alias = item["alias"]?.string ?? ""
        return item.expressionClass == "COLUMN_REF" && item["column_names"]?.array?.last?.string == column
            && (alias.isEmpty || alias == column)
    }
}
