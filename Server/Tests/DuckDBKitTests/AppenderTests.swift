import DuckDBKit
import Testing

@Suite struct AppenderTests {
    @Test func everyColumnKind() throws {
        let database = try Database(path: nil)
        let connection = try database.connect()
        try connection.execute(
            """
            CREATE TABLE t(i BIGINT, d DOUBLE, b BOOLEAN, ts TIMESTAMPTZ, s VARCHAR, j JSON, tl VARCHAR[], il BIGINT[], dl DOUBLE[], u UTINYINT)
            """
        )
        let appender = try connection.appender(table: "t")
        let chunk = appender.makeChunk()
        #expect(chunk.columnCount == 10)
        for _ in 0..<2 {
            chunk.reset()
            chunk.write(0) { column in for row in 0..<3 { column.set(row, row == 1 ? nil : Int64(row)) } }
            chunk.write(1) { column in for row in 0..<3 { column.set(row, Double(row) / 2) } }
            chunk.write(2) { column in for row in 0..<3 { column.set(row, row == 2) } }
            chunk.write(3) { column in for row in 0..<3 { column.set(row, Int64(row) * 1_000_000) } }
            chunk.write(4) { column in for row in 0..<3 { column.setText(row, row == 0 ? "" : String(repeating: "é", count: row * 10)) } }
            chunk.write(5) { column in for row in 0..<3 { column.setText(row, row == 0 ? nil : #"{"k":\#(row)}"#) } }
            try chunk.write(6) { (column) throws(DuckDBError) in
                for row in 0..<3 { try column.setTextList(row, (0..<row * 50).map { "tag \($0)" }) }
            }
            for row in 0..<3 {
                try chunk.write(7) { (column) throws(DuckDBError) in try column.setList(row, [Int64](repeating: Int64(row) + 5, count: row))
                }
            }
            try chunk.write(8) { (column) throws(DuckDBError) in for row in 0..<3 { try column.setList(row, [0.5, 1.5]) } }
            chunk.write(9) { column in for row in 0..<3 { column.set(row, UInt8(row)) } }
            try appender.append(chunk, rowCount: 3)
        }
        try appender.flush()

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

    @Test func takesPartInTheTransaction() throws {
        let database = try Database(path: nil)
        let connection = try database.connect()
        try connection.execute("CREATE TABLE t(i INTEGER)")
        let appender = try connection.appender(table: "t")
        let chunk = appender.makeChunk()
        chunk.write(0) { $0.set(0, Int32(1)) }
        try connection.execute("BEGIN")
        try appender.append(chunk, rowCount: 1)
        try appender.flush()
        try connection.execute("ROLLBACK")
        try connection.execute("BEGIN")
        try appender.append(chunk, rowCount: 1)
        try appender.flush()
        try connection.execute("COMMIT")
        var result = try connection.query("SELECT count(*) FROM t")
        #expect(try result.next()?.column(0).int64(0) == 1)
    }

    @Test func selectedColumnsAndRecovery() throws {
        let database = try Database(path: nil)
        let connection = try database.connect()
        try connection.execute("CREATE TABLE t(i INTEGER NOT NULL, s VARCHAR DEFAULT 'd')")
        let appender = try connection.appender(table: "t", columns: ["i"])
        let chunk = appender.makeChunk()
        #expect(chunk.columnCount == 1)
        chunk.write(0) { $0.setNull(0) }
        #expect(throws: DuckDBError.self) {
            try appender.append(chunk, rowCount: 1)
            try appender.flush()
        }
        appender.clear()
        chunk.reset()
        chunk.write(0) { $0.set(0, Int32(5)) }
        try appender.append(chunk, rowCount: 1)
        try appender.flush()
        var result = try connection.query("SELECT i, s FROM t")
        let read = try #require(try result.next())
        #expect(read.column(0).int64(0) == 5)
        #expect(read.column(1).string(0) == "d")
    }

    @Test func unknownTable() throws {
        let database = try Database(path: nil)
        let connection = try database.connect()
        #expect(throws: DuckDBError.self) { try connection.appender(table: "nope").flush() }
    }
}
