import DuckDBKit
import Logging

/// Transactions of the writer under want of memory: queries hold it, and any statement may fail for it, also `ROLLBACK`, and also a `COMMIT` that
/// has already made its rows durable and then had none for its result. Tried again without looking, such rows would be stored twice.
struct GuardedTransaction {
    let tables: OpenTables
    let readers: ReaderList
    let logger: Logger
    /// Bytes of the log that the transaction is written to, which nobody else writes to in the meantime.
    let logBytes: () -> Int64
    /// A failure that tests let follow the commit.
    var failureAfterCommit: DuckDBError?

    /// How often room is made for a statement that has to succeed.
    private static let tries = 20

    /// Runs `body` and commits.
    ///
    /// - Parameters:
    ///   - sequence: the commit's, which no other transaction has.
    ///   - targets: tables that may have rows with it afterwards.
    /// - Throws: what failed, after it was rolled back. With ``DuckDBError/Code/outOfMemory`` nothing was stored, and it can be tried again
    ///   at once.
    func run(_ sequence: Int64, in targets: [String], _ body: () throws(DuckDBError) -> Void) throws(DuckDBError) {
        let before = logBytes()
        do {
            try tables.beginTransaction()
            try body()
        } catch {
            rollBack()
            throw error
        }
        do throws(DuckDBError) {
            try tables.commitTransaction()
            if let failureAfterCommit { throw failureAfterCommit }
        } catch {
            rollBack()
            guard error.code == .outOfMemory else { throw error }
            guard try !isStored(sequence, targets) else {
                return logger.notice("a commit without memory for its result is stored: \(Self.reason(of: error))")
            }
            // Not in the log either: the engine took back what it had written.
            if logBytes() == before {
                throw DuckDBError(code: .outOfMemory, message: "no memory for a commit, nothing was stored: \(Self.reason(of: error))")
            }
            throw DuckDBError(code: .transaction, message: "a commit without memory left something in the log: \(Self.reason(of: error))")
        }
    }

    /// Ends the transaction, if there is still one.
    func rollBack() {
        do throws(DuckDBError) {
            try insisting { () throws(DuckDBError) in try tables.connection.execute("ROLLBACK") }
        } catch {
            // No transaction is active; or the next statement will say what is wrong.
            logger.debug("rollback: \(error.message)")
        }
    }

    private func isStored(_ sequence: Int64, _ targets: [String]) throws(DuckDBError) -> Bool {
        let sql = targets.map { "EXISTS (FROM \($0) WHERE commit_sequence = \(sequence))" }.joined(separator: " OR ")
        return try insisting { () throws(DuckDBError) in
            var result = try tables.connection.query("SELECT \(sql)")
            return try result.next()?.column(0).bool(0) ?? false
        }
    }

    private func insisting<Value>(_ body: () throws(DuckDBError) -> Value) throws(DuckDBError) -> Value {
        var left = Self.tries
        while true {
            do throws(DuckDBError) {
                return try body()
            } catch {
                guard error.code == .outOfMemory, left > 0 else { throw error }
                left -= 1
                makeRoom()
            }
        }
    }

    /// Ends the query that has been running longest, which gives its memory back a moment later.
    func makeRoom() {
        let interrupted = readers.interruptOldest()
        if interrupted { logger.warning("a query was ended because a commit had no memory") }
        Platform.sleep(milliseconds: interrupted ? 20 : 50)
    }

    /// What the engine says, without its advice about settings that nobody can change.
    private static func reason(of error: DuckDBError) -> String {
        let line = String(error.message.prefix { $0 != "\n" })
        return line.split(separator: "Failed to commit: ").last.map(String.init) ?? line
    }
}
