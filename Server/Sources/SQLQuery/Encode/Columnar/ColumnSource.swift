import DuckDBKit

/// The readers of a column of one chunk and of what its values are made of.
struct ColumnSource {
    let reader: ColumnReader
    let children: [ColumnSource]
    /// For values that are carried as text although the engine has a type for them.
    let text: ValueWriter?

    init(_ reader: ColumnReader) {
        self.reader = reader
        switch reader.type {
        case .list, .array, .map: children = [ColumnSource(reader.elements)]
        case .structure(let fields): children = fields.indices.map { ColumnSource(reader.member($0)) }
        default: children = []
        }
        switch reader.type {
        case .uuid, .bit, .enumeration, .union: text = ValueWriter(reader)
        default: text = nil
        }
    }
}
