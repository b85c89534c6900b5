import Storage
import Synchronization
import TelemetryModel

/// Bytes on their way from a query's thread to its client. What the client does not keep up with goes to a file of the ``AnswerSpool``; when that has
/// no room, the thread waits.
final class ResultPipe: Sendable {
    /// Bytes that may wait for the client in memory.
    static let capacity = 256 << 10
    /// Bytes that are read back at once.
    private static let block = 128 << 10
    /// A client that takes nothing for this long is given up.
    private static let patience: Duration = .seconds(30)

    private struct State: @unchecked Sendable {
        var blocks: [ArraySlice<UInt8>] = []
        /// What comes after ``blocks``.
        var file: SpoolFile?
        /// What comes after ``file``.
        var rest: [ArraySlice<UInt8>] = []
        /// Bytes in memory.
        var byteCount = 0
        /// Bytes of them that are counted by the spool.
        var reserved = 0
        var end: Result<Void, QueryError>?
        var isCancelled = false
        var reader: CheckedContinuation<Void, Never>?

        var hasBytes: Bool { !blocks.isEmpty || !rest.isEmpty || file?.count ?? 0 > 0 }
    }

    private let state = Mutex(State())
    private let taken = ThreadSignal()
    private let ticket: Ticket
    private let spool: AnswerSpool
    private let project: ProjectID

    /// - Throws: ``QueryError`` `tooMany` when too many answers wait for their clients.
    init(ticket: Ticket, spool: AnswerSpool, project: ProjectID) throws(QueryError) {
        try spool.enter(project)
        self.ticket = ticket
        self.spool = spool
        self.project = project
    }

    deinit {
        spool.leave(project)
        spool.releaseMemory(state.withLock { $0.reserved })
    }

    // MARK: The query's thread

    /// Keeps bytes of an answer that nobody reads before it is complete: in memory, as most clients take it at once, as long as there is
    /// enough left for others.
    ///
    /// - Throws: `tooMany` when there is no room for it.
    func keep(_ bytes: ArraySlice<UInt8>) throws(QueryError) {
        try ticket.check()
        let isKept = state.withLock { state in
            if state.file == nil, state.rest.isEmpty, spool.reserveMemory(bytes.count, isQuick: true) {
                state.reserved += bytes.count
                state.blocks.append(bytes)
                state.byteCount += bytes.count
                return true
            }
            if add(bytes, &state) { return true }
            guard spool.reserveMemory(bytes.count) else { return false }
            state.reserved += bytes.count
            state.rest.append(bytes)
            state.byteCount += bytes.count
            return true
        }
        if !isKept { throw AnswerSpool.tooMany }
    }

    /// Adds bytes where there is room for them.
    private func add(_ bytes: ArraySlice<UInt8>, _ state: inout State) -> Bool {
        guard state.rest.isEmpty else { return false }
        if state.file?.count ?? 0 == 0, state.byteCount + bytes.count <= Self.capacity {
            state.blocks.append(bytes)
            state.byteCount += bytes.count
            return true
        }
        if state.file == nil { state.file = spool.open(project) }
        return state.file?.append(bytes) ?? false
    }

    /// Hands over bytes; waits until there is room for more.
    ///
    /// - Parameters:
    ///   - park: called once when the client keeps the thread waiting, before other queries could notice.
    ///   - unpark: called before a parked thread goes on.
    /// - Throws: the reason why the query was stopped; `cancelled` when the client went away or takes nothing.
    func push(_ bytes: [UInt8], park: () -> Void, unpark: () throws(QueryError) -> Void) throws(QueryError) {
        wake { state in
            if add(bytes[...], &state) { return }
            state.rest.append(bytes[...])
            state.byteCount += bytes.count
        }
        var since: ContinuousClock.Instant?
        var lastLeft = Int.max
        var isParked = false
        while true {
            try ticket.check()
            let (count, left, isCancelled) = state.withLock { ($0.byteCount, $0.byteCount + ($0.file?.count ?? 0), $0.isCancelled) }
            if isCancelled { throw Ticket.error(of: .cancelled) }
            if ticket.isCalledBack {
                throw QueryError(code: .unavailable, message: "the store needed to end the query; try again", retryAfter: 1)
            }
            if count <= Self.capacity { break }
            if since == nil || left < lastLeft { since = .now }
            lastLeft = left
            if let since, .now - since > Self.patience {
                throw QueryError(code: .cancelled, message: "the client stopped reading the answer")
            }
            if !taken.wait(for: .milliseconds(50)), !isParked {
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
        wake { state in
            state.rest.append(line[...])
            state.byteCount += line.count
            state.end = .success(())
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
    func next() async throws(QueryError) -> ArraySlice<UInt8>? {
        while true {
            let (block, end) = state.withLock { state -> (ArraySlice<UInt8>?, Result<Void, QueryError>?) in
                Self.take(&state)
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
                        if state.hasBytes || state.end != nil || state.isCancelled { return true }
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

    private static func take(_ state: inout State) -> (ArraySlice<UInt8>?, Result<Void, QueryError>?) {
        if state.blocks.isEmpty, let file = state.file, file.count > 0 {
            if let bytes = file.next(block) { return (bytes[...], nil) }
            return (nil, .failure(QueryError(code: .unavailable, message: "the rest of the answer cannot be read back from the disk")))
        }
        if state.blocks.isEmpty { swap(&state.blocks, &state.rest) }
        guard !state.blocks.isEmpty else { return (nil, state.end) }
        let bytes = state.blocks[0].prefix(capacity)
        state.byteCount -= bytes.count
        if bytes.count < state.blocks[0].count {
            // Not removeFirst, which would copy what is left.
            state.blocks[0] = state.blocks[0].dropFirst(bytes.count)
        } else {
            state.blocks.removeFirst()
        }
        return (bytes, nil)
    }

    /// Tells the query's thread that nobody reads on.
    func cancel() {
        wake { $0.isCancelled = true }
        ticket.stop(.cancelled)
        taken.signal()
    }
}
