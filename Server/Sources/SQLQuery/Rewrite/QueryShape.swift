import Storage
import TelemetryModel

/// What can be said of a query without running it, so that fewer files have to be read.
struct QueryShape: Sendable {
    /// Only rows of these traces count; nil when that is not known.
    var traces: [TraceID]?
    /// The query gives the newest so many rows, one for each that its condition lets through; nil when it is of another kind.
    var newestRows: Int?
    /// The only table that is read, of queries without subqueries and the like.
    var table: QueryTable?
    /// Whether every row of the result is one of the only table's, and a column named as that of times is that.
    var givesRowsOfItsTable = false

    /// Longer lists are not worth it.
    static let traceLimit = 100
    private static let rowLimit = 2_000

    init() {}

    /// - Parameters:
    ///   - tree: as it will run, with its row limit.
    ///   - placeholders: the tables that names stand for.
    init(_ tree: JSONValue, placeholders: [String: QueryTable]) {
        guard let node = tree.onlyStatement, node.nodeType == "SELECT_NODE", node["cte_map"]?["map"]?.array?.isEmpty != false,
            let from = node["from_table"], from.nodeType == "BASE_TABLE", let table = placeholders[from["table_name"]?.string ?? ""],
            node["sample"]?.isNull != false, !node.contains(where: Self.isQuery)
        else { return }
        self.table = table
        if table != .metrics, table != .evaluations, table != .experiments, table != .conversations {
            traces = Self.traces(in: node["where_clause"] ?? .null).map { Array($0.prefix(Self.traceLimit + 1)) }
            if let count = traces?.count, count > Self.traceLimit { traces = nil }
        }
        newestRows = Self.newestRows(node, table)
        givesRowsOfItsTable = Self.givesRowsOfItsTable(node, table)
    }

    // MARK: Traces

    /// The traces that a condition allows, from `trace_id = '…'` and `trace_id IN (…)` joined by AND.
    private static func traces(in condition: JSONValue) -> [TraceID]? {
        switch condition.nodeType {
        case "CONJUNCTION_AND":
            for child in condition.children { if let traces = traces(in: child) { return traces } }
            return nil
        case "COMPARE_EQUAL":
            for (column, value) in [("left", "right"), ("right", "left")] {
                guard isTraceID(condition[column] ?? .null), let text = condition[value]?.stringConstant else { continue }
                return TraceID(hexadecimal: text).map { [$0] } ?? []
            }
            return nil
        case "COMPARE_IN":
            guard let first = condition.children.first, isTraceID(first) else { return nil }
            let texts = condition.children.dropFirst().map(\.stringConstant)
            guard texts.allSatisfy({ $0 != nil }) else { return nil }
            return texts.compactMap { $0.flatMap(TraceID.init(hexadecimal:)) }
        default: return nil
        }
    }

    private static func isTraceID(_ node: JSONValue) -> Bool {
        node.expressionClass == "COLUMN_REF" && node["column_names"]?.array?.last?.string?.lowercased() == "trace_id"
    }

    // MARK: Newest rows

    private static func newestRows(_ node: JSONValue, _ table: QueryTable) -> Int? {
        let time = time(of: table)
        guard table != .conversations, table != .experiments, table != .evaluations, givesRowsOfItsTable(node, table) else { return nil }
        var isNewestFirst = false
        var rows: Int?
        for modifier in node["modifiers"]?.array ?? [] {
            switch modifier.nodeType {
            case "ORDER_MODIFIER":
                guard let first = modifier["orders"]?.array?.first, first["type"]?.string == "DESCENDING",
                    let expression = first["expression"], expression.expressionClass == "COLUMN_REF",
                    expression["column_names"]?.array?.last?.string?.lowercased() == time
                else { return nil }
                isNewestFirst = true
            case "LIMIT_MODIFIER":
                guard modifier["offset"]?.isNull != false, let limit = modifier["limit"]?.integerConstant, limit > 0 else { return nil }
                rows = limit
            default: return nil
            }
        }
        guard isNewestFirst, let rows, rows <= rowLimit else { return nil }
        return rows
    }

    private static func time(of table: QueryTable) -> String { table == .metrics ? "recorded_timestamp" : "start_timestamp" }

    private static func givesRowsOfItsTable(_ node: JSONValue, _ table: QueryTable) -> Bool {
        node["group_expressions"]?.array?.isEmpty != false && node["having"]?.isNull != false && node["qualify"]?.isNull != false
            && !node.contains(where: mixesRows) && !redefines(time(of: table), node["select_list"]?.array ?? [])
    }

    /// Whether a select item has the name of the time column but is something else.
    private static func redefines(_ time: String, _ items: [JSONValue]) -> Bool {
        items.contains { item in
            guard item["alias"]?.string?.lowercased() == time else { return false }
            return item["column_names"]?.array?.last?.string?.lowercased() != time
        }
    }

    // MARK: Walk

    /// Whether a node makes one row of several, or several of one.
    private static func mixesRows(_ node: JSONValue) -> Bool {
        if node.expressionClass == "WINDOW" { return true }
        guard let name = node.functionName else { return false }
        return name == "unnest" || AllowedFunctions.combining.contains(name)
    }

    private static func isQuery(_ node: JSONValue) -> Bool { node.expressionClass == "SUBQUERY" || node.nodeType == "SUBQUERY" }
}

extension TraceID {
    /// From 32 hexadecimal digits.
    init?(hexadecimal text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 32, text.allSatisfy(\.isHexDigit), let high = UInt64(text.prefix(16), radix: 16),
            let low = UInt64(text.suffix(16), radix: 16)
        else { return nil }
        self.init(high: high, low: low)
    }
}
