/// How many times larger than its inputs a value can become by functions that lengthen texts and lists.
///
/// Ten levels of doubling fit into one line of SQL, and neither the engine's memory limit nor its interrupt stops them, so the
/// product along every path, also through subqueries and WITH, is bounded.
struct Growth {
    /// Largest factor of any value.
    static let maximum = 256.0

    /// Functions whose result is longer than the longest argument, with the factor over the sum of the arguments.
    private static let factors: [String: Double] = [
        "||": 1, "concat": 1, "concat_ws": 1, "list_concat": 1, "list_cat": 1, "array_concat": 1, "array_cat": 1, "map_concat": 1,
        "struct_concat": 1,
        "format": 1, "printf": 1, "list_value": 1, "list_pack": 1, "array_value": 1, "struct_pack": 1, "row": 1, "json_merge_patch": 1,
        "bin": 8, "to_binary": 8, "hex": 2, "to_hex": 2, "url_encode": 3, "to_base64": 2, "base64": 2, "json_quote": 2, "to_json": 2,
        "json_object": 2, "json_array": 2, "array_to_json": 2, "row_to_json": 2, "json_group_array": 2, "json_group_object": 2,
        "json_transform": 2, "from_json": 2, "regexp_escape": 2, "strftime": 8, "split": 16, "str_split": 16, "string_split": 16,
        "string_to_array": 16, "str_split_regex": 16, "string_split_regex": 16, "regexp_split_to_array": 16, "regexp_extract_all": 16,
        "list_transform": 4, "list_apply": 4, "apply": 4, "array_transform": 4, "array_apply": 4, "list_reduce": 16, "array_reduce": 16,
        "reduce": 16,
        // Texts of whole groups are large before anything is put behind them.
        "string_agg": 64, "group_concat": 64, "listagg": 64,
    ]

    /// Whether a call of the function can make a value longer than its arguments.
    static func multiplying(_ name: String) -> Bool { factors[name] != nil || name == "replace" || name == "regexp_replace" }

    /// - Throws: ``QueryError`` when some value of the statement can grow by more than ``maximum``.
    static func check(_ tree: JSONValue) throws(QueryError) {
        guard let node = tree.onlyStatement else { return }
        _ = try Growth().query(node, scope: [:], outer: 1)
    }

    /// Factor of the query's widest column.
    private func query(_ node: JSONValue, scope: [String: Double], outer: Double) throws(QueryError) -> Double {
        var scope = scope
        for entry in node["cte_map"]?["map"]?.array ?? [] {
            guard let name = entry["key"]?.string, let inner = entry["value"]?["query"]?["node"] else { continue }
            scope[name.lowercased()] = try query(inner, scope: scope, outer: outer)
        }
        if node.nodeType == "SELECT_NODE" {
            let column = max(outer, try source(node["from_table"] ?? .null, scope: scope, outer: outer))
            guard case .object(let members) = node else { return column }
            var widest = 1.0
            for member in members where member.key != "from_table" && member.key != "cte_map" {
                let factor = try expression(member.value, column: column, scope: scope)
                if member.key == "select_list" { widest = max(widest, factor) }
            }
            return widest
        }
        // In a recursive query the guards bound each round, so the second branch starts from the first.
        let left = try node["left"].map { node throws(QueryError) in try query(node, scope: scope, outer: outer) } ?? 1
        if let name = node["cte_name"]?.string { scope[name.lowercased()] = left }
        var widest = left
        for branch in [node["right"]].compactMap(\.self) + (node["children"]?.array ?? []) {
            widest = max(widest, try query(branch, scope: scope, outer: outer))
        }
        _ = try expression(node["modifiers"] ?? .null, column: widest, scope: scope)
        return widest
    }

    /// Factor of the widest column that FROM offers.
    private func source(_ node: JSONValue, scope: [String: Double], outer: Double) throws(QueryError) -> Double {
        switch node.nodeType {
        case "BASE_TABLE": return scope[node["table_name"]?.string?.lowercased() ?? ""] ?? 1
        case "SUBQUERY": return try query(node["subquery"]?["node"] ?? .null, scope: scope, outer: outer)
        case "SHOW_REF": return try query(node["query"] ?? .null, scope: scope, outer: outer)
        case "JOIN":
            let left = try source(node["left"] ?? .null, scope: scope, outer: outer)
            let right = try source(node["right"] ?? .null, scope: scope, outer: max(left, outer))
            _ = try expression(node["condition"] ?? .null, column: max(left, right), scope: scope)
            return max(left, right)
        case "TABLE_FUNCTION": return try expression(node["function"] ?? .null, column: outer, scope: scope)
        case "EXPRESSION_LIST": return try expression(node["values"] ?? .null, column: outer, scope: scope)
        default: return 1
        }
    }

    /// Factor of the widest value in a part of the tree. Constants count nothing beside other arguments.
    private func expression(_ node: JSONValue, column: Double, scope: [String: Double]) throws(QueryError) -> Double {
        switch node {
        case .array(let elements):
            var widest = 1.0
            for element in elements { widest = max(widest, try expression(element, column: column, scope: scope)) }
            return widest
        case .object(let members):
            switch node.expressionClass {
            case "CONSTANT": return 1
            case "COLUMN_REF": return column
            case "SUBQUERY":
                let child = try expression(node["child"] ?? .null, column: column, scope: scope)
                return max(child, try query(node["subquery"]?["node"] ?? .null, scope: scope, outer: column))
            default: break
            }
            var widest = 1.0
            for member in members where member.key != "children" {
                widest = max(widest, try expression(member.value, column: column, scope: scope))
            }
            let children = node.children
            guard let name = node.functionName, Self.multiplying(name) else {
                return max(widest, try expression(.array(children), column: column, scope: scope))
            }
            var sum = 0.0
            for child in children where !Expressions.isConstant(child) { sum += try expression(child, column: column, scope: scope) }
            let factor = max(1, sum) * (Self.factors[name] ?? Self.replacement(children, isRegex: name == "regexp_replace"))
            guard factor <= Self.maximum else {
                throw QueryError(code: .tooComplex, message: "values made by \(name) could become too large here", position: node.location)
            }
            return max(widest, factor)
        default: return 1
        }
    }

    private static func replacement(_ arguments: [JSONValue], isRegex: Bool) -> Double {
        guard arguments.count >= 3, let text = arguments[2].stringConstant else { return Double(SizeGuards.smallText) }
        if isRegex {
            let isGlobal = arguments.count > 3 && arguments[3].stringConstant?.contains("g") != false
            return isGlobal ? Double(text.utf8.count + 1) : 2
        }
        return max(1, (Double(text.utf8.count) / Double(max(arguments[1].stringConstant?.utf8.count ?? 1, 1))).rounded(.up))
    }
}
