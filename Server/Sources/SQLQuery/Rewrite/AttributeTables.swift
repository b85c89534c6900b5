import TelemetryModel

/// Reads single keys of `attributes` from the part they are stored in: message bodies are kept apart, and putting the two together
/// for every row costs more than the rest of most queries.
struct AttributeTables {
    private static let bodies = Set(AttributeKey.messageBodyNames)

    private struct Table {
        var alias: String
        var table: QueryTable
    }

    private var tables: [Table] = []
    /// The only table of the innermost FROM, for names without a qualifier.
    private var only: Table?

    /// Notes the tables of a SELECT's FROM.
    mutating func enter(node: JSONValue, commonTables: Set<String>) {
        var found: [Table] = []
        let isComplete = Self.collect(node, commonTables, into: &found)
        // An inner name hides the same one further out, whatever it stands for.
        let names = Set(Self.names(node))
        tables = found + tables.filter { !names.contains($0.alias) }
        only = isComplete && found.count == 1 ? found[0] : nil
    }

    /// Adds the tables with parts; returns false when there are other sources as well.
    private static func collect(_ node: JSONValue, _ commonTables: Set<String>, into tables: inout [Table]) -> Bool {
        switch node.nodeType {
        case "BASE_TABLE":
            let name = node["table_name"]?.string?.lowercased() ?? ""
            guard !commonTables.contains(name), let table = QueryTable(name: name), table != .metrics else { return false }
            let alias = node["alias"]?.string?.lowercased() ?? ""
            tables.append(Table(alias: alias.isEmpty ? name : alias, table: table))
            return true
        case "JOIN":
            let left = collect(node["left"] ?? .null, commonTables, into: &tables)
            let right = collect(node["right"] ?? .null, commonTables, into: &tables)
            return left && right
        default: return false
        }
    }

    private static func names(_ node: JSONValue) -> [String] {
        if node.nodeType == "JOIN" { return names(node["left"] ?? .null) + names(node["right"] ?? .null) }
        return [node["alias"]?.string, node["table_name"]?.string].compactMap { $0?.lowercased() }.filter { !$0.isEmpty }
    }

    /// The key when a node is `attributes->>'key'` of one of the tables and the key that of message bodies.
    func bodyKey(_ node: JSONValue) -> String? {
        guard node.functionName == "->>", node.children.count == 2, let key = node.children[1].stringConstant, Self.bodies.contains(key),
            let path = node.children[0]["column_names"]?.array?.compactMap({ $0.string?.lowercased() }), path.last == "attributes",
            path.count <= 2, (path.count == 2 ? tables.first { $0.alias == path[0] } : only) != nil
        else { return nil }
        return key
    }

    /// Lets `attributes->>'key'` read the key's part.
    ///
    /// - Returns: the hidden column it reads now, or nil when the call stays.
    func rewrite(_ call: inout JSONValue, hasSpanEvents: Bool) -> String? {
        guard let name = call.functionName, ["->", "->>", "json_exists"].contains(name), call.children.count == 2,
            let key = call.children[1].stringConstant, key.first != "$", key.first != "/",
            let path = call.children[0]["column_names"]?.array?.compactMap({ $0.string?.lowercased() }), path.last == "attributes",
            path.count <= 2
        else { return nil }
        let table = path.count == 2 ? tables.first { $0.alias == path[0] } : only
        guard let table else { return nil }
        let isBody = Self.bodies.contains(key)
        let isRecord = [.records, .recordsAll, .recordsFull].contains(table.table)
        // Attributes of span events are one piece, which the part without bodies shows.
        if isBody, isRecord, hasSpanEvents { return nil }
        let part = isBody ? "_bodies" : "_attributes"
        var children = call.children
        children[0]["column_names"] = .array(path.dropLast().map { .string($0) } + [.string(part)])
        call["children"] = .array(children)
        return part
    }
}
