import DuckDBKit
import Storage

/// A column of an answer.
struct OutputColumn {
    let name: String
    let type: ColumnType
    /// The column of the statement that is read for it, and what is made of that.
    let source: Int
    var value = RowLayout.Value.same

    /// The columns of a statement as they are.
    static func all(_ names: [String], _ types: [ColumnType]) -> [OutputColumn] {
        zip(names, types).enumerated().map { OutputColumn(name: $1.0, type: $1.1, source: $0) }
    }

    /// The columns of a table of which a statement reads the rows.
    static func all(_ layout: RowLayout, _ types: [ColumnType]) -> [OutputColumn] {
        layout.columns.map { column in
            OutputColumn(
                name: column.name, type: type(of: column.value, types[column.source]), source: column.source, value: column.value)
        }
    }

    func writer(_ chunk: DataChunk) -> ValueWriter { ValueWriter(chunk.column(source), as: value) }

    private static func type(of value: RowLayout.Value, _ source: ColumnType) -> ColumnType {
        switch value {
        case .same: source
        case .document: .json
        case .texts: .list(.varchar)
        case .word, .attribute: .varchar
        case .microseconds: .timestampTZ
        case .number: .double
        case .name(let lookup):
            switch lookup.kind {
            case .text: .varchar
            case .json: .json
            case .number: .int64
            }
        }
    }
}
