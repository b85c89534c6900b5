/// Walks a syntax tree and refuses everything that is not known to be safe (`storage.md` §5.2, §5.3).
///
/// The walk is closed: node kinds and members it does not know are refused, whatever they hold.
struct AllowList {
    /// Most expressions and table references of one query; planning time grows faster than their number.
    static let maximumNodes = 4_000

    /// Names of tables that may be read, lower case; anything else must be a CTE in scope.
    let tables: Set<String>
    /// Functions that may be called, besides operators of the syntax.
    let functions: Set<String>
    private var nodes = 0

    init(tables: Set<String>, functions: Set<String>) {
        self.tables = tables
        self.functions = functions
    }

    /// What a user may write.
    static var user: AllowList {
        AllowList(tables: Set(QueryTable.names), functions: AllowedFunctions.engine.union(Idioms.names))
    }

    /// Checks a whole serialised tree.
    ///
    /// - Throws: ``QueryError``; its position is a byte offset into the parsed text.
    mutating func check(_ tree: JSONValue) throws(QueryError) {
        guard let statements = tree["statements"]?.array, statements.count == 1 else {
            throw QueryError(code: .notAllowed, message: "exactly one SELECT statement can be run at a time")
        }
        if let parameters = statements[0]["named_param_map"]?.array, !parameters.isEmpty {
            throw QueryError(code: .notAllowed, message: "parameters cannot be used; write the value into the query")
        }
        guard let node = statements[0]["node"] else { throw Self.unknown("statement", tree) }
        try query(node, scope: [])
    }

    static func unknown(_ what: String, _ node: JSONValue) -> QueryError {
        QueryError(code: .notAllowed, message: "this form of \(what) is not supported in queries", position: node.location)
    }

    private mutating func count(_ node: JSONValue) throws(QueryError) {
        nodes += 1
        if nodes > Self.maximumNodes {
            throw QueryError(code: .tooComplex, message: "a query may have \(Self.maximumNodes) terms", position: node.location)
        }
    }

    // MARK: Queries

    private mutating func query(_ node: JSONValue, scope: Set<String>) throws(QueryError) {
        try count(node)
        let scope = try commonTables(node["cte_map"], scope: scope)
        guard case .object(let members) = node else { throw Self.unknown("query", node) }
        switch node.nodeType {
        case "SELECT_NODE":
            for member in members { try selectMember(member, scope: scope, node: node) }
        case "SET_OPERATION_NODE":
            for member in members {
                switch member.key {
                case "left", "right": try query(member.value, scope: scope)
                case "children": for child in member.value.array ?? [] { try query(child, scope: scope) }
                case "modifiers": try modifiers(member.value, scope: scope)
                case "cte_map": break
                default: try scalarOnly(member, of: node)
                }
            }
        case "RECURSIVE_CTE_NODE":
            var inner = scope
            inner.insert(node["cte_name"]?.string?.lowercased() ?? "")
            for member in members {
                switch member.key {
                // Only the second branch sees the table itself; in the first the name would be a stored table's.
                case "left": try query(member.value, scope: scope)
                case "right": try query(member.value, scope: inner)
                case "modifiers": try modifiers(member.value, scope: scope)
                case "key_targets": try expressions(member.value, scope: inner)
                case "aliases", "cte_map": break
                default: try scalarOnly(member, of: node)
                }
            }
        default: throw Self.unknown("query", node)
        }
    }

    private mutating func selectMember(_ member: JSONValue.Member, scope: Set<String>, node: JSONValue) throws(QueryError) {
        switch member.key {
        case "select_list", "group_expressions": try expressions(member.value, scope: scope)
        case "where_clause", "having", "qualify": try expression(member.value, scope: scope)
        case "from_table": try table(member.value, scope: scope)
        case "modifiers": try modifiers(member.value, scope: scope)
        case "group_sets", "cte_map": break
        case "sample": try sample(member.value, of: node)
        default: try scalarOnly(member, of: node)
        }
    }

    /// Returns the names in scope of the query itself. A table sees those before it, not itself and not later ones.
    private mutating func commonTables(_ map: JSONValue?, scope: Set<String>) throws(QueryError) -> Set<String> {
        var scope = scope
        for entry in map?["map"]?.array ?? [] {
            guard let name = entry["key"]?.string, let value = entry["value"], let node = value["query"]?["node"] else {
                throw Self.unknown("WITH", entry)
            }
            if let parameters = value["query"]?["named_param_map"]?.array, !parameters.isEmpty { throw Self.unknown("WITH", node) }
            if let targets = value["key_targets"] { try expressions(targets, scope: scope) }
            try query(node, scope: scope)
            scope.insert(name.lowercased())
        }
        return scope
    }

    private mutating func modifiers(_ value: JSONValue, scope: Set<String>) throws(QueryError) {
        for modifier in value.array ?? [] {
            guard case .object(let members) = modifier else { throw Self.unknown("modifier", modifier) }
            switch modifier.nodeType {
            case "LIMIT_MODIFIER", "LIMIT_PERCENT_MODIFIER", "ORDER_MODIFIER", "DISTINCT_MODIFIER":
                for member in members {
                    switch member.key {
                    case "limit", "offset": try expression(member.value, scope: scope)
                    case "orders": try orders(member.value, scope: scope)
                    case "distinct_on_targets": try expressions(member.value, scope: scope)
                    default: try scalarOnly(member, of: modifier)
                    }
                }
            default: throw Self.unknown("modifier", modifier)
            }
        }
    }

    private mutating func orders(_ value: JSONValue, scope: Set<String>) throws(QueryError) {
        for order in value.array ?? [] {
            guard case .object(let members) = order else { throw Self.unknown("ORDER BY", order) }
            for member in members {
                if member.key == "expression" { try expression(member.value, scope: scope) } else { try scalarOnly(member, of: order) }
            }
        }
    }

    private func sample(_ value: JSONValue, of node: JSONValue) throws(QueryError) {
        guard case .object(let members) = value else { return }
        for member in members where member.key != "sample_size" { try scalarOnly(member, of: node) }
        guard case .object(let size) = value["sample_size"] else { return }
        for member in size where member.key != "type" { try scalarOnly(member, of: node) }
    }

    private func scalarOnly(_ member: JSONValue.Member, of node: JSONValue) throws(QueryError) {
        switch member.value {
        case .array(let elements) where elements.allSatisfy({ $0.string != nil }): return
        case .array, .object:
            throw QueryError(
                code: .notAllowed,
                message: "this form is not supported in queries (\(member.key) of \(node.nodeType ?? "?"))",
                position: node.location
            )
        default: return
        }
    }

    // MARK: Tables

    private mutating func table(_ node: JSONValue, scope: Set<String>) throws(QueryError) {
        try count(node)
        guard case .object(let members) = node else { throw Self.unknown("table", node) }
        switch node.nodeType {
        case "EMPTY": return
        case "BASE_TABLE": try baseTable(node, scope: scope)
        case "TABLE_FUNCTION":
            for member in members {
                if member.key == "function" {
                    try tableFunction(member.value, scope: scope)
                } else if member.key == "sample" {
                    try sample(member.value, of: node)
                } else {
                    try scalarOnly(member, of: node)
                }
            }
        case "SUBQUERY", "JOIN", "EXPRESSION_LIST", "SHOW_REF":
            for member in members {
                switch member.key {
                case "left", "right": try table(member.value, scope: scope)
                case "condition": try expression(member.value, scope: scope)
                case "duplicate_eliminated_columns": try expressions(member.value, scope: scope)
                case "subquery": try subquery(member.value, scope: scope, of: node)
                case "query": try show(node, query: member.value, scope: scope)
                case "values": for row in member.value.array ?? [] { try expressions(row, scope: scope) }
                case "expected_types": if member.value.array?.isEmpty == false { throw Self.unknown("VALUES", node) }
                case "sample": try sample(member.value, of: node)
                default: try scalarOnly(member, of: node)
                }
            }
        default: throw Self.unknown("table", node)
        }
    }

    private func baseTable(_ node: JSONValue, scope: Set<String>) throws(QueryError) {
        let name = node["table_name"]?.string ?? ""
        let schema = [node["catalog_name"]?.string, node["schema_name"]?.string].compactMap(\.self).filter { !$0.isEmpty }
        guard schema.isEmpty else {
            throw QueryError(
                code: .notAllowed,
                message: "table names cannot be qualified: \((schema + [name]).joined(separator: "."))",
                position: node.location
            )
        }
        if let clause = node["at_clause"], !clause.isNull { throw Self.unknown("table", node) }
        if let sample = node["sample"] { try self.sample(sample, of: node) }
        guard tables.contains(name.lowercased()) || scope.contains(name.lowercased()) else {
            throw QueryError(
                code: .unknownTable,
                message: "table \(name) does not exist; queries can read \(QueryTable.names.joined(separator: ", "))",
                position: node.location
            )
        }
    }

    private mutating func tableFunction(_ node: JSONValue, scope: Set<String>) throws(QueryError) {
        guard let name = node.functionName, AllowedFunctions.table.contains(name) else {
            throw Self.refused(node, kind: "table function")
        }
        try function(node, scope: scope, isAllowed: true)
    }

    /// DESCRIBE and SUMMARIZE of a query, and the list of tables; the other forms of SHOW look into the catalog.
    private mutating func show(_ node: JSONValue, query: JSONValue, scope: Set<String>) throws(QueryError) {
        switch node["show_type"]?.string {
        case "DESCRIBE" where !query.isNull, "SUMMARY" where !query.isNull: try self.query(query, scope: scope)
        case "SHOW_UNQUALIFIED" where node["table_name"]?.string == "\"tables\"": return
        default: throw Self.unknown("SHOW", node)
        }
    }

    private mutating func subquery(_ value: JSONValue, scope: Set<String>, of node: JSONValue) throws(QueryError) {
        guard let inner = value["node"] else { throw Self.unknown("subquery", node) }
        if let parameters = value["named_param_map"]?.array, !parameters.isEmpty { throw Self.unknown("subquery", node) }
        try query(inner, scope: scope)
    }

    // MARK: Expressions

    private mutating func expressions(_ value: JSONValue, scope: Set<String>) throws(QueryError) {
        for element in value.array ?? [] { try expression(element, scope: scope) }
    }

    private mutating func expression(_ node: JSONValue, scope: Set<String>) throws(QueryError) {
        if node.isNull { return }
        try count(node)
        guard case .object(let members) = node, let kind = node.expressionClass else { throw Self.unknown("expression", node) }
        switch kind {
        case "CONSTANT", "POSITIONAL_REFERENCE": return
        case "COLUMN_REF": try column(node)
        case "FUNCTION", "WINDOW": try function(node, scope: scope, isAllowed: false)
        case "PARAMETER":
            throw QueryError(
                code: .notAllowed, message: "parameters cannot be used; write the value into the query", position: node.location)
        case "CASE":
            for check in node["case_checks"]?.array ?? [] {
                guard let condition = check["when_expr"], let result = check["then_expr"] else { throw Self.unknown("CASE", node) }
                try expression(condition, scope: scope)
                try expression(result, scope: scope)
            }
            try expression(node["else_expr"] ?? .null, scope: scope)
        case "COMPARISON", "CONJUNCTION", "OPERATOR", "CAST", "BETWEEN", "COLLATE", "LAMBDA", "SUBQUERY", "STAR":
            for member in members { try operand(member, of: node, scope: scope) }
        default: throw Self.unknown("expression", node)
        }
    }

    private mutating func operand(_ member: JSONValue.Member, of node: JSONValue, scope: Set<String>) throws(QueryError) {
        switch member.key {
        case "left", "right", "input", "lower", "upper", "child", "expr", "lhs": try expression(member.value, scope: scope)
        case "children": try expressions(member.value, scope: scope)
        case "subquery": try subquery(member.value, scope: scope, of: node)
        case "cast_type": try type(member.value, of: node)
        case "replace_list":
            for entry in member.value.array ?? [] { try expression(entry["value"] ?? .null, scope: scope) }
        // Names only, in one shape or another.
        case "exclude_list", "qualified_exclude_list", "rename_list": try namesOnly(member.value, of: node)
        default: try scalarOnly(member, of: node)
        }
    }

    private func namesOnly(_ value: JSONValue, of node: JSONValue) throws(QueryError) {
        switch value {
        case .array(let elements): for element in elements { try namesOnly(element, of: node) }
        case .object(let members):
            if value.expressionClass != nil { throw Self.unknown("*", node) }
            for member in members { try namesOnly(member.value, of: node) }
        default: return
        }
    }

    /// Types are names and numbers; a type written as a call could hold any expression.
    private func type(_ value: JSONValue, of node: JSONValue) throws(QueryError) {
        switch value {
        case .array(let elements): for element in elements { try type(element, of: node) }
        case .object(let members):
            if let kind = value.expressionClass, kind != "CONSTANT", kind != "TYPE" { throw Self.unknown("type", node) }
            for member in members { try type(member.value, of: node) }
        default: return
        }
    }

    private func column(_ node: JSONValue) throws(QueryError) {
        guard let names = node["column_names"]?.array, names.allSatisfy({ $0.string != nil }) else { throw Self.unknown("column", node) }
        // Words that the engine takes for functions without parentheses.
        let engines: Set<String> = ["current_catalog", "current_schema", "current_role", "current_user", "session_user"]
        if names.count == 1, let name = names[0].string?.lowercased(), engines.contains(name) {
            throw QueryError(code: .notAllowed, message: "\(name) cannot be used in queries", position: node.location)
        }
    }

    static func refused(_ node: JSONValue, kind: String = "function") -> QueryError {
        let name = node["function_name"]?.string ?? ""
        return QueryError(code: .notAllowed, message: "\(kind) \(name) is not available in queries", position: node.location)
    }

    private mutating func function(_ node: JSONValue, scope: Set<String>, isAllowed: Bool) throws(QueryError) {
        guard case .object(let members) = node, let name = node.functionName else { throw Self.unknown("function", node) }
        let schema = node["schema"]?.string ?? ""
        guard (node["catalog"]?.string ?? "").isEmpty, schema.isEmpty || schema == "main", isAllowed || functions.contains(name) else {
            throw Self.refused(node)
        }
        if name == "format" || name == "printf" { try FormatText.check(node) }
        if AllowedFunctions.listAggregates.contains(name) {
            let aggregate = node.children.count > 1 ? node.children[1].stringConstant?.lowercased() : nil
            guard let aggregate, AllowedFunctions.aggregatesOfLists.contains(aggregate) else {
                throw QueryError(
                    code: .notAllowed,
                    message: "\(name) takes one of \(AllowedFunctions.aggregatesOfLists.sorted().joined(separator: ", "))",
                    position: node.location
                )
            }
        }
        for member in members {
            switch member.key {
            case "children", "partitions": try expressions(member.value, scope: scope)
            case "filter", "filter_expr", "start_expr", "end_expr", "offset_expr", "default_expr":
                try expression(member.value, scope: scope)
            case "order_bys": try orders(member.value["orders"] ?? .array([]), scope: scope)
            case "orders", "arg_orders": try orders(member.value, scope: scope)
            default: try scalarOnly(member, of: node)
            }
        }
    }
}
