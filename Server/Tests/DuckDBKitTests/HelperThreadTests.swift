import DuckDBKit
import Foundation
import Synchronization
import Testing

/// Notes which threads call it, slowly enough that another one can take part.
private final class WhoRuns: ScalarFunction {
    static let parameters = ["BIGINT"]
    static let result = "BIGINT"
    private let threads = Mutex(Set<UInt>())

    var count: Int { threads.withLock { $0.count } }

    func call(_ arguments: [InputVector], count: Int, into output: OutputVector) throws(ScalarFunctionError) {
        threads.withLock { _ = $0.insert(UInt(pthread_self())) }
        usleep(200)
        for row in 0..<count { output.set(row, Int64(1)) }
    }
}

@Suite struct HelperThreadTests {
    /// Runs a statement of some hundred milliseconds over several row groups.
    ///
    /// - Returns: how many threads took part.
    private func threads(of database: borrowing Database, helpAfter patience: Duration?) throws -> Int {
        let function = WhoRuns()
        let connection = try database.connect(helpAfter: patience)
        try connection.register(function, as: "who_runs")
        try connection.execute("CREATE TABLE t AS SELECT i FROM range(1000000) r(i)")
        var result = try connection.query("SELECT sum(who_runs(i))::BIGINT FROM t")
        let chunk = try #require(try result.next())
        #expect(chunk.column(0).int64(0) == 1_000_000)
        return function.count
    }

    @Test func longStatementsAreHelped() throws {
        #expect(try threads(of: try Database(path: nil, threads: 3), helpAfter: .milliseconds(1)) > 1)
    }

    @Test(arguments: [nil, Duration.seconds(600)]) func othersRunOnTheThreadThatAsked(patience: Duration?) throws {
        #expect(try threads(of: try Database(path: nil, threads: 3), helpAfter: patience) == 1)
    }

    @Test func thereMayBeNoHelpers() throws {
        #expect(try threads(of: try Database(path: nil, threads: 1), helpAfter: .zero) == 1)
    }

    /// Statement after statement: whoever helps one is there for the next, and nobody is left when the database goes.
    @Test func helpersComeAndGo() throws {
        for _ in 0..<20 {
            let database = try Database(path: nil, threads: 4)
            let connections = try (0..<3).map { _ in Held(try database.connect(helpAfter: .zero)) }
            DispatchQueue.concurrentPerform(iterations: connections.count) { index in
                for _ in 0..<20 {
                    #expect(throws: Never.self) {
                        var result = try connections[index].connection.query("SELECT sum(i % 7)::BIGINT FROM range(200000) r(i)")
                        #expect(try result.next()?.column(0).int64(0) == 599_994)
                    }
                }
            }
        }
    }

    /// A helper that has a part of a statement ends it before the database closes.
    @Test func interruptedStatementsLetTheDatabaseClose() throws {
        for _ in 0..<10 {
            let database = try Database(path: nil, threads: 3)
            let connection = try database.connect(helpAfter: .zero)
            let handle = connection.interruptHandle
            DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(20)) { handle.interrupt() }
            #expect(throws: DuckDBError.self) {
                var result = try connection.query("SELECT sum(a.i * b.i % 3) FROM range(1000000) a(i), range(100000) b(i)")
                try result.drain()
            }
        }
    }

    private final class Held: Sendable {
        let connection: Connection
        init(_ connection: consuming Connection) { self.connection = connection }
    }
}
