/// Turns a checked tree into one that the store can run: tables and WITH names become names that nothing else can have, idioms become
/// engine functions, level names numbers, and select items keep the names they would have had.
struct Rewriter {
    /// What every generated name starts with; not to be guessed, so that no user text can contain it.
    let nonce: String
    private let engine: SyntaxEngine
    private let idioms: IdiomRewriter
    private let guards: SizeGuards
    private let zones: TimeZones?
    /// The text the tree was parsed from; tells operators from functions.
    private let text: [UInt8]
    private var definesLevel = false
    /// Whether the numbers of `generate_series` in FROM are called `value`, as DataFusion does, and not by the function's name.
    private var namesSeriesValue = false
    private let hasSpanEvents: Bool
    private(set) var placeholders: [String: QueryTable] = [:]
    private(set) var columns = ColumnUse()

    init(engine: SyntaxEngine, text: [UInt8], timezone: String?, hasSpanEvents: Bool) {
        self.engine = engine
        self.hasSpanEvents = hasSpanEvents
        self.text = text
        idioms = IdiomRewriter(engine: engine)
        guards = SizeGuards(engine: engine)
        zones = timezone.flatMap { $0.uppercased() == "UTC" ? nil : TimeZones(engine: engine, zone: $0) }
        nonce = "h" + String(UInt64.random(in: .min ... .max), radix: 36) + "_"
    }

    /// What holds at one place of the tree.
    private struct Context {
        /// WITH names in scope.
        var commonTables: Set<String> = []
        var inFrom = false
        var inUnnest = false
        var inLambda = false
        /// Whether the select list is made for every row of a table.
        var hasRows = false
        var inRecursion = false
        /// Tables in FROM, here and further out, whose attributes are stored in parts.
        var attributes = AttributeTables()
        /// Whether `level` is known to be the column of a table.
        var hasLevel = true
    }

    /// Rewrites a whole serialised tree of one statement.
    mutating func rewrite(_ tree: inout JSONValue) throws(QueryError) {
        definesLevel = Self.definesLevel(tree)
        columns = ColumnUse(of: tree)
        namesSeriesValue = Self.refers(tree, to: ["value"]) && !Self.refers(tree, to: ["range", "generate_series"])
        try any(&tree, Context())
    }

    // MARK: Walk

    private mutating func any(_ node: inout JSONValue, _ context: Context) throws(QueryError) {
        switch node {
        case .array(var elements):
            node = .null
            for index in elements.indices { try any(&elements[index], context) }
            node = .array(elements)
        case .object:
            if node["cte_map"] != nil { return try query(&node, context) }
            try object(&node, context)
        default: return
        }
    }

    private mutating func object(_ node: inout JSONValue, _ context: Context) throws(QueryError) {
        switch node.nodeType {
        case "BASE_TABLE" where node["table_name"] != nil: return baseTable(&node, context)
        case "SHOW_REF" where node["show_type"]?.string == "SHOW_UNQUALIFIED": return try tableList(&node)
        default: break
        }
        if node.expressionClass != nil { return try expression(&node, context) }
        var context = context
        context.inFrom = node.nodeType == "TABLE_FUNCTION"
        if context.inFrom, namesSeriesValue, ["range", "generate_series"].contains(node["function"]?.functionName),
            node["column_name_alias"]?.array?.isEmpty == true
        {
            node["column_name_alias"] = .array([.string("value")])
            if node["alias"]?.string?.isEmpty != false { node["alias"] = .string(node["function"]?.functionName ?? "") }
        }
        try members(&node, context)
    }

    private mutating func members(_ node: inout JSONValue, _ context: Context) throws(QueryError) {
        guard case .object(var members) = node else { return }
        node = .null
        for index in members.indices { try any(&members[index].value, context) }
        node = .object(members)
    }

    // MARK: Queries

    private mutating func query(_ node: inout JSONValue, _ outer: Context) throws(QueryError) {
        var context = outer
        context.inFrom = false
        var map = node["cte_map"] ?? .null
        var entries = map["map"]?.array ?? []
        for index in entries.indices {
            guard let name = entries[index]["key"]?.string, var value = entries[index]["value"] else { continue }
            try any(&value, context)
            context.commonTables.insert(name.lowercased())
            entries[index]["value"] = value
            entries[index]["key"] = .string(nonce + name)
        }
        map["map"] = .array(entries)
        if node.nodeType == "SELECT_NODE" { try GroupedUnnest(engine: engine, nonce: nonce).rewrite(&node) }
        guard case .object(var members) = node else { return }
        node = .null
        let isSelect = members.contains { $0.key == "select_list" }
        if isSelect, definesLevel { context.hasLevel = members.first { $0.key == "from_table" }.map { Self.readsTable($0.value) } ?? false }
        if isSelect, !columns.needsAll, !Self.groupsByAttributes(members.first { $0.key == "group_expressions" }?.value) {
            context.attributes.enter(node: members.first { $0.key == "from_table" }?.value ?? .null, commonTables: context.commonTables)
        }
        if isSelect { context.hasRows = members.first { $0.key == "from_table" }?.value.nodeType != "EMPTY" }
        let recursive = members.first { $0.key == "cte_name" }?.value.string
        for index in members.indices {
            switch members[index].key {
            case "cte_map": members[index].value = map
            case "cte_name": members[index].value = .string(nonce + (recursive ?? ""))
            case "select_list": try selectList(&members[index].value, context)
            case "where_clause" where isSelect:
                BodySearchRewriter(tables: context.attributes).rewrite(&members[index].value, &columns.conditions)
                try any(&members[index].value, context)
            case "right" where recursive != nil:
                var inner = context
                inner.commonTables.insert(recursive?.lowercased() ?? "")
                inner.inRecursion = true
                try any(&members[index].value, inner)
            default: try any(&members[index].value, context)
            }
        }
        node = .object(members)
    }

    /// Items that change keep their old text as name.
    private mutating func selectList(_ list: inout JSONValue, _ context: Context) throws(QueryError) {
        guard case .array(var items) = list else { return }
        list = .null
        for index in items.indices {
            let original = items[index]
            try any(&items[index], context)
            guard original["alias"]?.string == "", items[index] != original, original.expressionClass != "STAR",
                original.functionName != "unnest"
            else { continue }
            items[index]["alias"] = .string(try engine.render(expression: original))
        }
        list = .array(items)
    }

    /// Whether a group is made by the whole document, so that parts of it have to stay parts of it.
    private static func groupsByAttributes(_ groups: JSONValue?) -> Bool {
        (groups?.array ?? []).contains { $0["column_names"]?.array?.last?.string?.lowercased() == "attributes" }
    }

    // MARK: Tables

    private mutating func baseTable(_ node: inout JSONValue, _ context: Context) {
        guard let name = node["table_name"]?.string else { return }
        if node["alias"]?.string?.isEmpty != false { node["alias"] = .string(name) }
        if context.commonTables.contains(name.lowercased()) {
            node["table_name"] = .string(nonce + name)
        } else if let table = QueryTable(name: name) {
            let placeholder = nonce + "table_" + table.rawValue
            placeholders[placeholder] = table
            node["table_name"] = .string(placeholder)
        }
    }

    /// SHOW TABLES lists the tables that queries can read.
    private mutating func tableList(_ node: inout JSONValue) throws(QueryError) {
        let rows = QueryTable.names.map { "('\($0)')" }.joined(separator: ", ")
        let tree = try engine.parse("SELECT * FROM (VALUES \(rows)) AS tables(name)")
        node = tree.onlyStatement?["from_table"] ?? .null
    }

    // MARK: Expressions

    private mutating func expression(_ node: inout JSONValue, _ context: Context) throws(QueryError) {
        if node.expressionClass == "OPERATOR", node.nodeType == "OPERATOR_NOT", byte(at: node.location) == UInt8(ascii: "!") {
            // `a !~ b` is parsed as NOT of a function without a place of its own.
            var children = node.children
            if children.first?.functionName == "regexp_full_match" { children[0]["function_name"] = .string("regexp_matches") }
            node["children"] = .array(children)
        }
        if node.expressionClass == "CAST", try unquoted(&node, context) { return }
        let isTableFunction = context.inFrom && node.expressionClass == "FUNCTION"
        let isUnnested = context.inUnnest
        var inner = context
        inner.inFrom = false
        inner.inUnnest = node.functionName == "unnest"
        if node.expressionClass == "LAMBDA" { inner.inLambda = true }
        try members(&node, inner)
        if context.hasLevel { try LevelNames.rewrite(&node) }
        LongLists.rewrite(&node)
        guard node.expressionClass == "FUNCTION" || node.expressionClass == "WINDOW" else { return }
        operators(&node)
        if let name = node.functionName, MetricCalls.aggregates[name] != nil {
            try MetricCalls.check(node)
            columns.needsSeries = true
        }
        if let part = context.attributes.rewrite(&node, hasSpanEvents: hasSpanEvents) { columns.hidden.insert(part) }
        node = try idioms.rewrite(try guards.boundedLists(node, inLambda: context.inLambda))
        if let zones { node = try zones.rewrite(node) }
        node = try guards.guarded(
            node, inFrom: isTableFunction, inUnnest: isUnnested && !context.hasRows, inLambda: context.inLambda,
            inRecursion: context.inRecursion)
    }

    /// `json_get(…)::text` means the text of the value, without the quotes that JSON text has.
    private mutating func unquoted(_ node: inout JSONValue, _ context: Context) throws(QueryError) -> Bool {
        guard node["cast_type"]?["id"]?.string == "VARCHAR", node["child"]?.functionName == "json_get", var call = node["child"] else {
            return false
        }
        call["function_name"] = .string("json_get_str")
        call["alias"] = node["alias"]
        node = call
        try expression(&node, context)
        return true
    }

    /// `~` looks for the pattern anywhere, as in PostgreSQL; the engine would want the whole text to match.
    private func operators(_ node: inout JSONValue) {
        switch node.functionName {
        case "regexp_full_match" where byte(at: node.location) == UInt8(ascii: "~"): node["function_name"] = .string("regexp_matches")
        case "~*", "!~*":
            let call = Expressions.call("regexp_matches", node.children + [Expressions.text("i")])
            let isNegated = node.functionName == "!~*"
            let alias = node["alias"]
            node = isNegated ? Expressions.negation(call) : call
            node["alias"] = alias
        default: return
        }
    }

    private func byte(at location: Int?) -> UInt8? {
        guard let location, text.indices.contains(location) else { return nil }
        return text[location]
    }

    /// Whether a column of one of the names is read somewhere.
    private static func refers(_ node: JSONValue, to names: Set<String>) -> Bool {
        switch node {
        case .array(let elements): return elements.contains { refers($0, to: names) }
        case .object(let members):
            if node.expressionClass == "COLUMN_REF", let name = node["column_names"]?.array?.last?.string?.lowercased() {
                return names.contains(name)
            }
            return members.contains { refers($0.value, to: names) }
        default: return false
        }
    }

    // MARK: Level

    /// Whether some select item other than the column itself is called `level`.
    private static func definesLevel(_ node: JSONValue) -> Bool {
        switch node {
        case .array(let elements): return elements.contains(where: definesLevel)
        case .object(let members):
            if node.expressionClass != nil, node["alias"]?.string?.lowercased() == "level" {
                guard node["column_names"]?.array?.last?.string?.lowercased() == "level" else { return true }
            }
            return members.contains { definesLevel($0.value) }
        default: return false
        }
    }

    private static func readsTable(_ node: JSONValue) -> Bool {
        switch node.nodeType {
        case "BASE_TABLE": QueryTable(name: node["table_name"]?.string ?? "") != nil
        case "JOIN": [node["left"], node["right"]].contains { $0.map(readsTable) == true }
        default: false
        }
    }
}
