import DuckDBKit
import MessagePages

/// Writes the message bodies of a segment's new rows to its page file and remembers where each is.
struct BodyPlaces {
    /// Where the bodies are that are to be moved.
    enum Source {
        /// In pages that are held in memory under a name; the rows have the references.
        case held(PageStore, String)
        /// In the rows themselves.
        case rows
    }

    private struct Entry {
        var row: Int64
        var trace: UInt64
        var start: Int64
        var body: UInt64 = 0
        /// The bytes in the arena.
        var bytes = 0..<0
    }

    /// By what entries are sorted, side by side.
    private struct Order: Comparable {
        var first: Int64
        var trace: UInt64
        var start: Int64
        var index: Int

        init(first: Int64, _ entry: Entry, index: Int) {
            self.first = first
            (trace, start) = (entry.trace, entry.start)
            self.index = index
        }

        static func < (a: Order, b: Order) -> Bool {
            if a.first != b.first { return a.first < b.first }
            if a.trace != b.trace { return a.trace < b.trace }
            return a.start == b.start ? a.index < b.index : a.start < b.start
        }
    }

    private(set) var places: [(row: Int64, body: UInt64)] = []

    init(_ places: [(row: Int64, body: UInt64)]) { self.places = places }

    /// - Parameters:
    ///   - rows: row, trace, start and the body or its reference. Bodies that are in the rows are all held in memory.
    ///   - writer: stays open.
    init(_ rows: inout QueryResult, _ source: Source, _ writer: inout PageFileWriter) throws {
        var arena: [UInt8] = []
        let entries = try Self.read(&rows, source, &arena)
        var firstStarts: [UInt64: Int64] = [:]
        for entry in entries { firstStarts[entry.trace, default: .max] = min(firstStarts[entry.trace, default: .max], entry.start) }
        // Trace by trace in the order in which they began, because a trace repeats itself.
        let order = entries.indices.map { Order(first: firstStarts[entries[$0].trace] ?? 0, entries[$0], index: $0) }.sorted()
        places.reserveCapacity(order.count)
        switch source {
        case .rows:
            for index in order.lazy.map(\.index) {
                let entry = entries[index]
                let reference = try arena.withUnsafeBufferPointer { arena throws(PageError) in
                    try writer.add(UnsafeBufferPointer(rebasing: arena[entry.bytes]), trace: entry.trace)
                }
                places.append((entry.row, reference.rawValue))
            }
        case .held(let pages, let name):
            var reader = BodyReader(pages, file: name)
            for index in order.lazy.map(\.index) {
                let entry = entries[index]
                let reference = try writer.add(BodyReference(rawValue: entry.body), of: &reader, trace: entry.trace)
                places.append((entry.row, reference.rawValue))
            }
        }
    }

    private static func read(_ rows: inout QueryResult, _ source: Source, _ arena: inout [UInt8]) throws -> [Entry] {
        var entries: [Entry] = []
        while let chunk = try rows.next() {
            let columns = (0..<4).map { chunk.column($0) }
            for row in 0..<chunk.rowCount {
                var entry = Entry(row: columns[0].int64(row), trace: StoredID.hash(columns[1], row), start: columns[2].int64(row))
                switch source {
                case .held: entry.body = columns[3].uint64(row)
                case .rows:
                    let offset = arena.count
                    columns[3].withBytes(row) { arena.append(contentsOf: $0) }
                    entry.bytes = offset..<arena.count
                }
                entries.append(entry)
            }
        }
        return entries
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
