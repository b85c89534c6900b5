import DuckDBKit
import MessagePages

/// The pages of message bodies of a hot file: in the file, so that they are durable together with the rows that refer to them, and in memory,
/// where they are read.
enum BodyPageTable {
    static let name = "body_page"

    /// CREATE TABLE in a hot file that is attached as `alias`.
    static func create(in alias: String) -> String { "CREATE TABLE IF NOT EXISTS \(alias).\(name) (page UBIGINT, frame BLOB)" }

    /// Appends pages that get the numbers from `first` on.
    static func append(_ frames: ArraySlice<[UInt8]>, first: Int, to table: inout FeedChunk) throws(DuckDBError) {
        let row = table.begin()
        table.column { column in for offset in 0..<frames.count { column.set(row + offset, UInt64(first + offset)) } }
        table.column { column in
            for (offset, frame) in frames.enumerated() { frame.withUnsafeBufferPointer { column.setBytes(row + offset, $0) } }
        }
        try table.end(frames.count)
    }

    /// Reads the pages of a hot file into memory.
    static func load(_ alias: String, into pages: PageStore, _ connection: borrowing Connection) throws(DuckDBError) {
        pages.hold(alias)
        var result = try connection.query("SELECT page, frame FROM \(alias).\(name)")
        while let chunk = try result.next() {
            let (numbers, frames) = (chunk.column(0), chunk.column(1))
            for row in 0..<chunk.rowCount {
                pages.add(alias, frame: frames.withBytes(row) { Array($0) }, number: Int(truncatingIfNeeded: numbers.uint64(row)))
            }
        }
    }
}
