/// The answer to a query: whole, or while it is being made.
public enum QueryAnswer: Sendable {
    /// Everything, because it is small.
    case whole(QueryOutput)
    /// Everything, of a format that is not streamed, read piece by piece.
    case stored(QueryStream, byteCount: Int, QueryFigures)
    /// The first bytes are there and the query goes on.
    case stream(QueryStream)
}

/// Bytes of an answer while the query runs. Whoever does not want to read on calls ``cancel()``; letting go of the value does the same.
public final class QueryStream: Sendable {
    private let pipe: ResultPipe

    init(_ pipe: ResultPipe) { self.pipe = pipe }

    deinit { pipe.cancel() }

    /// The next bytes, at least one; nil at the end. The query waits while nobody asks.
    ///
    /// - Throws: ``QueryError`` of a query that failed after its first bytes. Answers in NDJSON end with a line that says so instead.
    public func next() async throws(QueryError) -> ArraySlice<UInt8>? { try await pipe.next() }

    /// Ends the query.
    public func cancel() { pipe.cancel() }
}
