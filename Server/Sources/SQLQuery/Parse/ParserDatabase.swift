import DuckDBKit
import Synchronization

/// The parsers' empty database, opened when first needed.
final class ParserDatabase: Sendable {
    private final class Open: Sendable {
        let database: Database

        init() throws(DuckDBError) { database = try SyntaxEngine.database() }
    }

    private let open = Mutex<Open?>(nil)

    func connect() throws(QueryError) -> SyntaxEngine {
        do throws(DuckDBError) {
            let open = try open.withLock { open throws(DuckDBError) -> Open in
                if let open { return open }
                let new = try Open()
                open = new
                return new
            }
            return SyntaxEngine(try open.database.connect())
        } catch {
            throw QueryError(code: .unavailable, message: "the parser cannot be opened: \(error.message)")
        }
    }
}
