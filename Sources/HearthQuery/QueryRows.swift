import Hearth

/// The rows of a query as they come from the server; each pass through them asks the query again.
///
/// Rows are read when they are asked for: a slow reader slows the server down, which gives up a reader that takes nothing for 30 seconds.
public struct QueryRows<Row: Decodable & Sendable>: AsyncSequence, Sendable {
    /// A row.
    public typealias Element = Row
    /// Why the rows end early.
    public typealias Failure = QueryError

    let begin: @Sendable () -> QueryExchange

    /// Asks the query on the first row that is asked for.
    public func makeAsyncIterator() -> Iterator { Iterator(exchange: begin()) }

    /// Reads one row after another; the query ends when it is let go.
    public struct Iterator: AsyncIteratorProtocol {
        private let exchange: QueryExchange
        private var rows: ArraySlice<AttributeValue> = []
        private var number = 0

        init(exchange: QueryExchange) {
            self.exchange = exchange
        }

        /// - Throws: ``QueryError``.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(QueryError) -> Row? {
            while rows.isEmpty {
                guard let more = try await exchange.next() else { return nil }
                rows = more[...]
            }
            number += 1
            let row = rows.removeFirst()
            do {
                return try RowDecoder.decode(Row.self, from: row)
            } catch let error as DecodingError {
                throw QueryError(.undecodableRow, "row \(number): \(Self.text(of: error))")
            } catch {
                throw QueryError(.undecodableRow, "row \(number): \(error)")
            }
        }

        private static func text(of error: DecodingError) -> String {
            let context: DecodingError.Context? =
                switch error {
                case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
                    .dataCorrupted(let context):
                    context
                @unknown default: nil
                }
            guard let context else { return "\(error)" }
            let path = context.codingPath.map(\.stringValue).joined(separator: ".")
            return path.isEmpty ? context.debugDescription : "\(path): \(context.debugDescription)"
        }
    }
}
