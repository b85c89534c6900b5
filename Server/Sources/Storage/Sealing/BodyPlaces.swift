import DuckDBKit
import MessagePages

/// Writes the message bodies of a segment's new rows to its page file and remembers where each is.
struct BodyPlaces {
    private struct Entry {
        var row: Int64
        var trace: UInt64
        var start: Int64
        /// The bytes in the arena.
        var bytes: Range<Int>
    }

    private(set) var places: [(row: Int64, body: UInt64)] = []

    init(_ places: [(row: Int64, body: UInt64)]) { self.places = places }

    /// - Parameters:
    ///   - rows: row, trace, start and bodies; all of them are held in memory, which a hot file's size bounds.
    ///   - writer: stays open.
    init(_ rows: inout QueryResult, _ writer: inout PageFileWriter) throws {
        var arena: [UInt8] = []
        var entries: [Entry] = []
        var firstStarts: [UInt64: Int64] = [:]
        while let chunk = try rows.next() {
            let columns = (0..<4).map { chunk.column($0) }
            for row in 0..<chunk.rowCount {
                let trace = StoredID.hash(columns[1], row)
                let start = columns[2].int64(row)
                let offset = arena.count
                columns[3].withBytes(row) { arena.append(contentsOf: $0) }
                entries.append(Entry(row: columns[0].int64(row), trace: trace, start: start, bytes: offset..<arena.count))
                firstStarts[trace] = min(firstStarts[trace] ?? .max, start)
            }
        }
        // Trace by trace in the order in which they began, because a trace repeats itself.
        let order = entries.indices.map { (first: firstStarts[entries[$0].trace] ?? 0, index: $0) }.sorted { a, b in
            let (x, y) = (entries[a.index], entries[b.index])
            return (a.first, x.trace, x.start, a.index) < (b.first, y.trace, y.start, b.index)
        }
        places.reserveCapacity(order.count)
        for (_, index) in order {
            let entry = entries[index]
            let reference = try arena.withUnsafeBufferPointer { arena throws(PageError) in
                try writer.add(UnsafeBufferPointer(rebasing: arena[entry.bytes]), trace: entry.trace)
            }
            places.append((entry.row, reference.rawValue))
        }
    }

    /// Inserts the places into `body_place`.
    func insert(into feed: borrowing InsertFeed) throws(DuckDBError) {
        if places.isEmpty { return }
        var next = 0
        try feed.insert { (chunk) throws(DuckDBError) in
            let count = min(chunk.room, places.count - next)
            if count == 0 { return }
            let first = chunk.begin()
            chunk.column { column in for index in 0..<count { column.set(first + index, places[next + index].row) } }
            chunk.column { column in for index in 0..<count { column.set(first + index, places[next + index].body) } }
            try chunk.end(count)
            next += count
        }
    }
}
