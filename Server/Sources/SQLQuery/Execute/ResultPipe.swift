import Dispatch
import Synchronization

/// Bytes on their way from a query's thread to its client: the thread waits while the client does not keep up.
final class ResultPipe: Sendable {
    /// Bytes that may wait for the client.
    private static let capacity = 1 << 20
    /// A client that takes nothing for this long is given up.
    private static let patience: Duration = .seconds(30)

    private struct State {
        var blocks: [[UInt8]] = []
        var byteCount = 0
        var end: Result<Void, QueryError>?
        var isCancelled = false
        var reader: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())
    private let taken = DispatchSemaphore(value: 0)
    private let ticket: Ticket

    init(ticket: Ticket) { self.ticket = ticket }

    // MARK: The query's thread

    /// Hands over bytes; waits until the client has room for more.
    ///
    /// - Parameters:
    ///   - park: called once when the client keeps the thread waiting, before other queries could notice.
    ///   - unpark: called before a parked thread goes on.
    /// - Throws: the reason why the query was stopped; `cancelled` when the client went away or takes nothing.
    func push(_ bytes: [UInt8], park: () -> Void, unpark: () throws(QueryError) -> Void) throws(QueryError) {
        wake {
            $0.blocks.append(bytes)
            $0.byteCount += bytes.count
        }
        var since: ContinuousClock.Instant?
        var lastCount = Int.max
        var isParked = false
        while true {
            try ticket.check()
            let (count, isCancelled) = state.withLock { ($0.byteCount, $0.isCancelled) }
            if isCancelled { throw Ticket.error(of: .cancelled) }
            if ticket.isCalledBack {
                throw QueryError(code: .unavailable, message: "the store needed to end the query; try again", retryAfter: 1)
            }
            if count <= Self.capacity { break }
            if since == nil || count < lastCount { since = .now }
            lastCount = count
            if let since, .now - since > Self.patience {
                throw QueryError(code: .cancelled, message: "the client stopped reading the answer")
            }
            if taken.wait(timeout: .now() + .milliseconds(50)) == .timedOut, !isParked {
                isParked = true
                ticket.pause()
                park()
            }
        }
        if isParked {
            ticket.resume()
            try unpark()
        }
    }

    /// Says that nothing follows, or why.
    func finish(_ error: QueryError?) {
        wake { $0.end = error.map { .failure($0) } ?? .success(()) }
    }

    /// Ends the bytes of a query that failed: with a line that says so where the format has one, else as a failure.
    func end(_ error: QueryError, format: ResultFormat) {
        guard format == .ndjson, error.code != .cancelled else { return finish(error) }
        var json = JSONText()
        json.raw("{\"type\":\"error\",\"message\":")
        json.string(error.message)
        json.raw(",\"code\":")
        json.string(error.code.name)
        json.raw("}\n")
        let line = json.bytes
        wake {
            $0.blocks.append(line)
            $0.end = .success(())
        }
    }

    private func wake(_ change: (inout State) -> Void) {
        let reader = state.withLock { state in
            change(&state)
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume()
    }

    // MARK: The client's task

    /// The next bytes, at least one; nil at the end.
    ///
    /// - Throws: ``QueryError`` when the query failed after its first bytes, `cancelled` when the task was.
    func next() async throws(QueryError) -> [UInt8]? {
        while true {
            let (block, end) = state.withLock { state -> ([UInt8]?, Result<Void, QueryError>?) in
                guard !state.blocks.isEmpty else { return (nil, state.end) }
                state.byteCount -= state.blocks[0].count
                return (state.blocks.removeFirst(), nil)
            }
            if let block {
                taken.signal()
                if block.isEmpty { continue }
                return block
            }
            if let end {
                try end.get()
                return nil
            }
            if Task.isCancelled { throw Ticket.error(of: .cancelled) }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let isReady = state.withLock { state in
                        if !state.blocks.isEmpty || state.end != nil || state.isCancelled { return true }
                        state.reader = continuation
                        return false
                    }
                    if isReady { continuation.resume() }
                }
            } onCancel: {
                cancel()
            }
        }
    }

    /// Tells the query's thread that nobody reads on.
    func cancel() {
        wake { $0.isCancelled = true }
        ticket.stop(.cancelled)
        taken.signal()
    }
}
