import DuckDBKit
import MessagePages

/// The pages of message bodies of a hot file: in the file, so that they are durable together with the rows that refer to them, and in memory,
/// where they are read.
enum BodyPageTable {
    static let name = "body_page"

    /// CREATE TABLE in a hot file that is attached as `alias`.
    static func create(in alias: String) -> String { "CREATE TABLE IF NOT EXISTS \(alias).\(name) (page UBIGINT, frame BLOB)" }

    /// Appends pieces of frames.
    static func append(_ pieces: ArraySlice<FramePiece>, of frames: [[UInt8]], to table: inout FeedChunk) throws(DuckDBError) {
        let row = table.begin()
        table.column { column in for (offset, piece) in pieces.enumerated() { column.set(row + offset, piece.stored) } }
        table.column { column in
            for (offset, piece) in pieces.enumerated() {
                frames[piece.frame].withUnsafeBufferPointer {
                    column.setBytes(row + offset, UnsafeBufferPointer(rebasing: $0[piece.bytes]))
                }
            }
        }
        try table.end(pieces.count)
    }

    /// Reads the pages of a hot file into memory.
    static func load(_ alias: String, into pages: PageStore, _ connection: borrowing Connection) throws(DuckDBError) {
        pages.hold(alias)
        var assembly = FrameAssembly()
        var result = try connection.query("SELECT page, frame FROM \(alias).\(name)")
        while let chunk = try result.next() {
            let (numbers, frames) = (chunk.column(0), chunk.column(1))
            for row in 0..<chunk.rowCount {
                let (page, following) = FramePiece.place(numbers.uint64(row))
                if let frame = assembly.add(frames.withBytes(row) { Array($0) }, page: page, following: following) {
                    pages.add(alias, frame: frame, number: page)
                }
            }
        }
    }
}
