import DuckDBKit
import MessagePages

/// The writer's connection with a prepared insert per table, kept over many transactions. Given up when the engine is closed; those of the hot
/// file are replaced when the next one is begun.
final class OpenTables {
    let connection: Connection
    let resource: InsertFeed
    let scope: InsertFeed
    private(set) var hot: HotTables
    private let begin: PreparedStatement
    private let commit: PreparedStatement
    private let pages: PageStore
    private var staged: StagedSteps?

    /// - Parameters:
    ///   - hot: number of the hot file that is written.
    ///   - pages: where its message bodies are held.
    init(_ connection: consuming Connection, hot: Int64, _ pages: PageStore) throws(DuckDBError) {
        self.pages = pages
        resource = try InsertFeed(table: "resource", connection: connection)
        scope = try InsertFeed(table: "scope", connection: connection)
        self.hot = try HotTables(hot, connection, pages)
        begin = try connection.prepare("BEGIN")
        commit = try connection.prepare("COMMIT")
        self.connection = connection
    }

    /// Writes to another hot file from now on.
    func rotate(to hot: Int64) throws(DuckDBError) { self.hot = try HotTables(hot, connection, pages) }

    /// Tables for steps that are written anew; made when first needed.
    func stagedSteps() throws(DuckDBError) -> StagedSteps {
        if let staged { return staged }
        let new = try StagedSteps(connection, likeHot: hot.alias)
        staged = new
        return new
    }

    func beginTransaction() throws(DuckDBError) { try Self.run(begin) }

    /// Returns when the transaction is durable.
    func commitTransaction() throws(DuckDBError) { try Self.run(commit) }

    private static func run(_ statement: borrowing PreparedStatement) throws(DuckDBError) {
        var result = try statement.execute()
        try result.drain()
    }
}

/// Prepared inserts into the tables of a hot file.
final class HotTables {
    let number: Int64
    let span: InsertFeed
    let step: InsertFeed
    let stepDecision: InsertFeed
    let metricPoint: InsertFeed
    let bodyPage: InsertFeed
    private let pages: PageStore
    private var nextPage: Int

    init(_ number: Int64, _ connection: borrowing Connection, _ pages: PageStore) throws(DuckDBError) {
        self.number = number
        self.pages = pages
        nextPage = pages.heldPageCount(FileSet.hotAlias(number))
        let alias = FileSet.hotAlias(number)
        span = try InsertFeed(table: "\(alias).span", connection: connection)
        step = try InsertFeed(table: "\(alias).step", connection: connection)
        stepDecision = try InsertFeed(table: "\(alias).step_decision", connection: connection)
        metricPoint = try InsertFeed(table: "\(alias).metric_point", connection: connection)
        bodyPage = try InsertFeed(table: "\(alias).\(BodyPageTable.name)", connection: connection)
    }

    var alias: String { FileSet.hotAlias(number) }

    /// Numbers pages and holds them in memory. The numbers of a transaction that fails are not used again: what readers know of a page stays true.
    ///
    /// - Returns: the number of the first.
    func hold(_ frames: [[UInt8]]) -> Int {
        let first = nextPage
        for frame in frames {
            pages.add(alias, frame: frame, number: nextPage)
            nextPage += 1
        }
        return first
    }
}
