import Storage

/// Which columns a query reads, so that tables need not compute and join the others.
struct ColumnUse {
    /// Names that occur in the query, lower case, of whatever table.
    private(set) var names: Set<String> = []
    /// Whether the query could read any column: `*`, whole rows, NATURAL JOIN, positional column names.
    private(set) var needsAll = false
    /// Columns that rewriting has put in.
    var hidden: Set<String> = []
    /// Conditions on message bodies that rewriting has put in.
    var conditions: [BodyCondition] = []
    /// Whether metric points are put together, so that cumulative ones need the point before.
    var needsSeries = false
    private var aliases: Set<String> = []
    /// Names that stand alone.
    private var single: Set<String> = []

    init() {}

    /// Looks through a tree as the user wrote it.
    init(of tree: JSONValue) {
        collect(tree)
        // A table's name as a value is the whole row.
        if !single.isDisjoint(with: aliases) { needsAll = true }
    }

    private mutating func collect(_ node: JSONValue) {
        switch node {
        case .array(let elements): for element in elements { collect(element) }
        case .object(let members):
            switch (node.expressionClass, node.nodeType) {
            case ("COLUMN_REF", _):
                let parts = (node["column_names"]?.array ?? []).compactMap { $0.string?.lowercased() }
                // Of `records.attributes` the first is a table, or a column with members.
                names.formUnion(parts)
                if parts.count == 1 { single.formUnion(parts) }
                return
            // `#1` counts the columns of FROM.
            case ("STAR", _), ("POSITIONAL_REFERENCE", _): needsAll = true
            case (nil, "BASE_TABLE"):
                aliases.insert((node["alias"]?.string.flatMap { $0.isEmpty ? nil : $0 } ?? node["table_name"]?.string ?? "").lowercased())
                if node["column_name_alias"]?.array?.isEmpty == false { needsAll = true }
            case (nil, "JOIN"):
                if node["ref_type"]?.string == "NATURAL" { needsAll = true }
                names.formUnion((node["using_columns"]?.array ?? []).compactMap { $0.string?.lowercased() })
            default: break
            }
            for member in members { collect(member.value) }
        default: return
        }
    }
}
