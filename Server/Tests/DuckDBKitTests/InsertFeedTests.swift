import DuckDBKit
import Testing

@Suite struct InsertFeedTests {
    @Test func everyColumnKind() throws {
        let database = try Database(path: nil)
        let connection = try database.connect()
        try connection.execute(
            """
            CREATE TABLE t(i BIGINT, d DOUBLE, b BOOLEAN, ts TIMESTAMPTZ, s VARCHAR, j JSON, tl VARCHAR[], il BIGINT[], dl DOUBLE[], u UTINYINT)
            """
        )
        let feed = try InsertFeed(table: "t", connection: connection)
        for _ in 0..<2 {
            var isDone = false
            try feed.insert { (chunk) throws(DuckDBError) in
                if isDone { return }
                isDone = true
                #expect(chunk.columnCount == 10)
                // In blocks of two rows and one.
                for rows in [0..<2, 2..<3] {
                    let first = chunk.begin()
                    #expect(first == rows.lowerBound)
                    chunk.column { column in for row in rows { column.set(row, row == 1 ? nil : Int64(row)) } }
                    chunk.column { column in for row in rows { column.set(row, Double(row) / 2) } }
                    chunk.column { column in for row in rows { column.set(row, row == 2) } }
                    chunk.column { column in for row in rows { column.set(row, Int64(row) * 1_000_000) } }
                    chunk.column { column in
                        for row in rows { column.setText(row, row == 0 ? "" : String(repeating: "é", count: row * 10)) }
                    }
                    chunk.column { column in for row in rows { column.setText(row, row == 0 ? nil : #"{"k":\#(row)}"#) } }
                    try chunk.column { (column) throws(DuckDBError) in
                        for row in rows { try column.setTextList(row, (0..<row * 50).map { "tag \($0)" }) }
                    }
                    try chunk.column { (column) throws(DuckDBError) in
                        for row in rows { try column.setList(row, [Int64](repeating: Int64(row) + 5, count: row)) }
                    }
                    try chunk.column { (column) throws(DuckDBError) in for row in rows { try column.setList(row, [0.5, 1.5]) } }
                    chunk.column { column in for row in rows { column.set(row, UInt8(row)) } }
                    try chunk.end(rows.count)
                }
            }
        }

        var result = try connection.query("SELECT *, j->>'k' FROM t")
        let read = try #require(try result.next())
        #expect(read.rowCount == 6)
        #expect(read.column(0).isNull(1))
        #expect(read.column(0).int64(5) == 2)
        #expect(read.column(1).double(4) == 0.5)
        #expect(read.column(2).bool(2))
        #expect(read.column(3).int64(1) == 1_000_000)
        #expect(read.column(4).string(3) == "" && !read.column(4).isNull(3))
        #expect(read.column(4).string(2) == String(repeating: "é", count: 20))
        #expect(read.column(5).isNull(0))
        #expect(read.column(6).elementRange(5).count == 100)
        #expect(read.column(6).elements.string(read.column(6).elementRange(5).lowerBound + 99) == "tag 99")
        #expect(read.column(7).elements.int64(read.column(7).elementRange(4).lowerBound) == 6)
        #expect(read.column(7).elements.int64(read.column(7).elementRange(5).lowerBound) == 7)
        #expect(read.column(8).elements.double(read.column(8).elementRange(5).upperBound - 1) == 1.5)
        #expect(read.column(9).int64(5) == 2)
        #expect(read.column(10).string(5) == "2")
    }

    private func insert(_ feed: borrowing InsertFeed, _ values: Range<Int32>) throws(DuckDBError) {
        var next = values.lowerBound
        try feed.insert { (chunk) throws(DuckDBError) in
            let count = min(chunk.room, Int(values.upperBound - next))
            let first = chunk.begin()
            chunk.column { column in for row in 0..<count { column.set(first + row, next + Int32(row)) } }
            try chunk.end(count)
            next += Int32(count)
        }
    }

    @Test func manyChunksInOrder() throws {
        let database = try Database(path: nil)
        let connection = try database.connect()
        try connection.execute("CREATE TABLE t(i INTEGER)")
        let feed = try InsertFeed(table: "t", connection: connection)
        try insert(feed, 0..<10_000)
        var result = try connection.query("SELECT count(*), bool_and(i = rowid) FROM t")
        let chunk = try #require(try result.next())
        #expect(chunk.column(0).int64(0) == 10_000)
        #expect(chunk.column(1).bool(0))
    }

    /// The engine throws while it has called us; nothing of ours may be left behind.
    @Test func rowsWithoutMemoryFailTheInsertAlone() throws {
        let database = try Database(path: nil, options: [("memory_limit", "20MB"), ("max_temp_directory_size", "0B")])
        let connection = try database.connect()
        try connection.execute("CREATE TABLE t(s VARCHAR)")
        let feed = try InsertFeed(table: "t", connection: connection)
        let text = String(repeating: "x", count: 100_000)
        for _ in 0..<3 {
            let error = #expect(throws: DuckDBError.self) {
                try feed.insert { (chunk) throws(DuckDBError) in
                    let (first, count) = (chunk.begin(), chunk.room)
                    chunk.column { column in for row in 0..<count { column.setText(first + row, text) } }
                    try chunk.end(count)
                }
            }
            #expect(error?.code == .outOfMemory)
        }
        var isDone = false
        try feed.insert { (chunk) throws(DuckDBError) in
            if isDone { return }
            isDone = true
            let first = chunk.begin()
            chunk.column { $0.setText(first, "small") }
            try chunk.end(1)
        }
        var result = try connection.query("SELECT count(*) FROM t")
        #expect(try result.next()?.column(0).int64(0) == 1)
    }

    @Test func takesPartInTheTransaction() throws {
        let database = try Database(path: nil)
        let connection = try database.connect()
        try connection.execute("CREATE TABLE t(i INTEGER)")
        let feed = try InsertFeed(table: "t", connection: connection)
        for (values, end) in [(0..<5, "ROLLBACK"), (5..<7, "COMMIT")] as [(Range<Int32>, String)] {
            try connection.execute("BEGIN")
            try insert(feed, values)
            try connection.execute(end)
        }
        var result = try connection.query("SELECT list(i) FROM t")
        #expect(try result.next()?.column(0).elementRange(0).count == 2)
    }

    @Test func failuresLeaveTheFeedUsable() throws {
        let database = try Database(path: nil)
        let connection = try database.connect()
        try connection.execute("CREATE TABLE t(i INTEGER NOT NULL)")
        let feed = try InsertFeed(table: "t", connection: connection)
        let own = #expect(throws: DuckDBError.self) {
            try feed.insert { (_) throws(DuckDBError) in throw DuckDBError(code: .conversion, message: "mine") }
        }
        #expect(own == DuckDBError(code: .conversion, message: "mine"))
        var isDone = false
        let engine = #expect(throws: DuckDBError.self) {
            try feed.insert { (chunk) throws(DuckDBError) in
                if isDone { return }
                isDone = true
                _ = chunk.begin()
                chunk.column { $0.setNull(0) }
                try chunk.end(1)
            }
        }
        #expect(engine?.code == .constraint)
        let incomplete = #expect(throws: DuckDBError.self) {
            try feed.insert { (chunk) throws(DuckDBError) in
                _ = chunk.begin()
                try chunk.end(1)
            }
        }
        #expect(incomplete?.message.contains("0 of 1 columns") == true)
        try insert(feed, 0..<3)
        var result = try connection.query("SELECT count(*) FROM t")
        #expect(try result.next()?.column(0).int64(0) == 3)
    }

    /// Casting text to JSON would parse it; the columns have to arrive as what they are.
    @Test func jsonIsTakenAsItIs() throws {
        let database = try Database(path: nil)
        let connection = try database.connect()
        try connection.execute("CREATE TABLE t(j JSON)")
        let feed = try InsertFeed(table: "t", connection: connection)
        var isDone = false
        try feed.insert { (chunk) throws(DuckDBError) in
            if isDone { return }
            isDone = true
            _ = chunk.begin()
            chunk.column { $0.setText(0, "{ not JSON") }
            try chunk.end(1)
        }
        var result = try connection.query("SELECT j FROM t")
        #expect(try result.next()?.column(0).string(0) == "{ not JSON")
    }

    @Test func unknownTable() throws {
        let database = try Database(path: nil)
        let connection = try database.connect()
        let error = #expect(throws: DuckDBError.self) { try insert(try InsertFeed(table: "nope", connection: connection), 0..<1) }
        #expect(error?.code == .catalog)
    }
}
