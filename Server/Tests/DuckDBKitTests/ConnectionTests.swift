import DuckDBKit
import Foundation
import Synchronization
import Testing

@Suite struct ConnectionTests {
    @Test func parametersOfEveryKind() throws {
        let database = try Database(path: nil)
        let connection = try database.connect()
        var result = try connection.query(
            "SELECT ?, ?::BIGINT, ?, ?, ?, ?, ?::TIMESTAMPTZ",
            [.null, .int64(-3), .uint64(.max), .double(0.5), .bool(true), .text("naïve '\u{0}'"), .timestampTZ(1_000_000)]
        )
        let chunk = try #require(try result.next())
        #expect(chunk.column(0).isNull(0))
        #expect(chunk.column(1).int64(0) == -3)
        #expect(chunk.column(2).uint64(0) == .max)
        #expect(chunk.column(3).double(0) == 0.5)
        #expect(chunk.column(4).bool(0))
        #expect(chunk.column(5).string(0) == "naïve '\u{0}'")
        #expect(chunk.column(6).int64(0) == 1_000_000)
    }

    @Test(arguments: [
        ("SELEC 1", DuckDBError.Code.parser), ("SELECT nope", .binder), ("SELECT * FROM nope", .catalog),
        ("SELECT 'x'::INTEGER", .conversion),
        ("SELECT 1; SELECT 2", .invalidInput), ("SELECT 1 \u{0} FROM x", .parser),
    ])
    func errorCodes(sql: String, code: DuckDBError.Code) throws {
        let database = try Database(path: nil)
        let connection = try database.connect()
        let error = #expect(throws: DuckDBError.self) {
            var result = try connection.query(sql)
            try result.drain()
        }
        #expect(error?.code == code, "\(error?.message ?? "")")
    }

    @Test func errorWhileFetchingIsThrown() throws {
        // With several threads the engine may say only that it was interrupted (``InterruptHandle/count``).
        let database = try Database(path: nil, options: [("threads", "1")])
        let connection = try database.connect()
        let error = #expect(throws: DuckDBError.self) {
            var result = try connection.query("SELECT CASE WHEN i = 900000 THEN error('late') ELSE 'x' END FROM range(1000000) t(i)")
            try result.drain()
        }
        #expect(error?.message.contains("late") == true, "\(error?.message ?? "")")
    }

    @Test func wrongParameterCount() throws {
        let database = try Database(path: nil)
        let connection = try database.connect()
        let error = #expect(throws: DuckDBError.self) { _ = try connection.query("SELECT ?", []).columnCount }
        #expect(error?.code == .invalidInput)
    }

    @Test func interruptFromAnotherThread() throws {
        let database = try Database(path: nil)
        let connection = try database.connect()
        let handle = connection.interruptHandle
        Thread.detachNewThread {
            Thread.sleep(forTimeInterval: 0.1)
            handle.interrupt()
        }
        let error = #expect(throws: DuckDBError.self) {
            var result = try connection.query("SELECT count(*) FROM range(100000000000) t(i) WHERE i % 3 = 5")
            try result.drain()
        }
        #expect(error?.code == .interrupted)
        try connection.execute("SELECT 1")
    }

    @Test func interruptAfterCloseDoesNothing() throws {
        let database = try Database(path: nil)
        let handle = try database.connect().interruptHandle
        handle.interrupt()
    }

    /// A statement is left while a thread of the engine is at a piece of it that takes minutes.
    @Test func closingEndsWhatTheEnginesThreadsDo() throws {
        let database = try Database(path: nil, options: [("threads", "2")])
        func leave() throws -> ContinuousClock.Instant {
            let connection = try database.connect()
            let start = ContinuousClock.now
            let error = #expect(throws: DuckDBError.self) {
                let sql = "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range * b.range % 7 = 3"
                _ = try connection.query(sql) {
                    // Leaves the pieces to the engine's own thread.
                    Thread.sleep(forTimeInterval: 0.1)
                    return ContinuousClock.now - start < .seconds(1)
                }.columnCount
            }
            #expect(error?.code == .interrupted)
            return .now
        }
        let left = try leave()
        #expect(ContinuousClock.now - left < .seconds(8))
    }

    @Test func statementsDieWithTheirConnection() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "duckdbkit-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "a.db").path
        func prepareAndClose() throws -> PreparedStatement {
            let database = try Database(path: path)
            let connection = try database.connect()
            try connection.execute("CREATE TABLE t(i INTEGER); INSERT INTO t VALUES (1)")
            let statement = try connection.prepare("SELECT * FROM t")
            var result = try statement.execute()
            try result.drain()
            return statement
        }
        let statement = try prepareAndClose()
        // Closing wrote the final checkpoint although the statement value still exists.
        #expect(!FileManager.default.fileExists(atPath: path + ".wal"))
        let error = #expect(throws: DuckDBError.self) { _ = try statement.execute().columnCount }
        #expect(error?.code == .closed)
    }

    @Test func closesAfterItsLastResult() throws {
        let database = try Database(path: nil)
        let isClosed = Atomic<Bool>(false)
        func start() throws -> QueryResult {
            let connection = try database.connect()
            connection.whenClosed { isClosed.store(true, ordering: .relaxed) }
            return try connection.query("SELECT i FROM range(100000) t(i)")
        }
        func readAll() throws -> Int {
            var result = try start()
            let isClosedEarly = isClosed.load(ordering: .relaxed)
            #expect(!isClosedEarly)
            var rows = 0
            while let chunk = try result.next() { rows += chunk.rowCount }
            return rows
        }
        #expect(try readAll() == 100_000)
        let isClosedAtLast = isClosed.load(ordering: .relaxed)
        #expect(isClosedAtLast)
    }

    @Test func optionsAndOpenErrors() throws {
        let database = try Database(path: nil, options: [("threads", "1"), ("memory_limit", "64MB")])
        let connection = try database.connect()
        var result = try connection.query("SELECT current_setting('threads')")
        #expect(try result.next()?.column(0).int64(0) == 1)
        #expect(throws: DuckDBError.self) { _ = try Database(path: nil, options: [("no_such_option", "1")]).connect() }
        #expect(throws: DuckDBError.self) { _ = try Database(path: "/nonexistent/folder/a.db").connect() }
    }

    @Test func aCommitWithoutMemoryCanBeTriedAgain() {
        for reason in [
            "could not allocate block of size 4.0 KiB (281.8 MiB/256.0 MiB used)",
            "failed to pin block of size 256.0 KiB (255.9 MiB/256.0 MiB used)\n\nPossible solutions:",
        ] {
            #expect(DuckDBError(message: "TransactionContext Error: Failed to commit: " + reason).code == .outOfMemory)
        }
        #expect(DuckDBError(message: "TransactionContext Error: Failed to commit: write error").code == .transaction)
    }
}
