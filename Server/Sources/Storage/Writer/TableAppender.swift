import DuckDBKit

/// A table being appended to, with the chunk that collects rows on the way.
///
/// Rows are written in blocks: ``begin()``, then one ``column(_:)`` per column in table order, then ``end(_:)``.
struct TableAppender: ~Copyable {
    private let appender: Appender
    private let chunk: AppendChunk
    private var filled = 0
    private var nextColumn = 0
    private var hasUnflushed = false

    init(_ connection: borrowing Connection, table: String) throws(DuckDBError) {
        appender = try connection.appender(table: table)
        chunk = appender.makeChunk()
    }

    /// Rows that one block can still take.
    var room: Int { AppendChunk.capacity - filled }

    /// Starts a block of rows.
    ///
    /// - Returns: the chunk row of the first one.
    mutating func begin() -> Int {
        nextColumn = 0
        return filled
    }

    /// Writes the next column of the block.
    mutating func column<E: Error>(_ body: (inout ColumnWriter) throws(E) -> Void) throws(E) {
        try chunk.write(nextColumn, body)
        nextColumn += 1
    }

    /// Ends a block of `count` rows whose columns have all been written.
    mutating func end(_ count: Int) throws(DuckDBError) {
        guard nextColumn == chunk.columnCount else {
            throw DuckDBError(code: .other, message: "\(nextColumn) of \(chunk.columnCount) columns were written")
        }
        filled += count
        if filled == AppendChunk.capacity { try moveChunk() }
    }

    private mutating func moveChunk() throws(DuckDBError) {
        try appender.append(chunk, rowCount: filled)
        chunk.reset()
        filled = 0
        hasUnflushed = true
    }

    /// Hands everything to the transaction.
    mutating func flush() throws(DuckDBError) {
        if filled > 0 { try moveChunk() }
        if hasUnflushed { try appender.flush() }
        hasUnflushed = false
    }
}
