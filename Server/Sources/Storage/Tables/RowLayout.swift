/// How the columns of a table follow from the columns of a statement that reads its rows as they are stored.
///
/// Numbers that stand for words, ids that stand for resources, attributes of their own column: the engine can make the values, but planning and running
/// an expression for each takes longer than reading fifty rows. Whoever writes the rows down makes them on the way.
public struct RowLayout: Sendable {
    /// What makes the value.
    public enum Value: Sendable {
        /// What is read.
        case same
        /// The document that is read, written by ourselves: without NaN and the like; this one for NULL.
        case document(ifNull: String)
        /// The list of texts in the JSON array that is read.
        case texts
        /// The word of the number that is read, of which the first word has `first`; `other` for all others and NULL.
        case word([String], first: Int, other: String)
        /// The time of so many microseconds since the Unix epoch.
        case microseconds
        /// The text of the first of these attributes that there is.
        case attribute([AttributeText])
        /// A column of the resource or scope of the id that is read.
        case name(NameLookup)
        /// Always this number.
        case number(Double)
    }

    /// A column of the table.
    public struct Column: Sendable {
        public var name: String
        public var value: Value
        /// The column of the statement that is read for it.
        public var source: Int
    }

    /// In the order of the table.
    public internal(set) var columns: [Column] = []
    /// The statement's columns.
    var selected: [SourceColumn] = []
    private var places: [String: Int] = [:]

    /// - Parameter columns: of the table, such as ``TableSource`` has them; expressions about a table called `s`.
    init(_ columns: [SourceColumn], _ query: TableSource.Query, names: InternedNames) {
        let known = columns.lookedUp(query, alias: "s")
        for (column, lookedUp) in zip(columns, known) {
            if column.join == .sample, !query.traits.isSampled {
                self.columns.append(Column(name: column.name, value: .number(1), source: 0))
            } else if let owner = column.join?.nameOwner, query.traits.looksUpNames,
                let lookup = NameLookup(names, owner, String(column.expression.dropFirst(2)), project: query.project)
            {
                let id = "\(owner.rawValue)_id"
                add(column.name, .name(lookup), SourceColumn(id, "s.\(id)"))
            } else if let reading = column.reading {
                add(column.name, reading.value, SourceColumn(String(reading.column.dropFirst(2)), reading.column))
            } else {
                add(column.name, .same, lookedUp)
            }
        }
    }

    private mutating func add(_ name: String, _ value: Value, _ source: SourceColumn) {
        let place = places[source.expression] ?? selected.count
        if place == selected.count {
            places[source.expression] = place
            // Two of the statement's columns may be called alike: they are told by their place.
            selected.append(source)
        }
        columns.append(Column(name: name, value: value, source: place))
    }
}
