import DuckDBKit
import Storage
import Synchronization

/// A few threads that run blocking engine calls, behind a queue of bounded length.
///
/// Threads start with the first job, so that an idle server has none, and those beyond a few end when they have nothing to do.
final class WorkerPool: Sendable {
    /// What a thread owns.
    final class Worker {
        private let parser: ParserDatabase
        private var engine: SyntaxEngine?

        fileprivate init(parser: ParserDatabase) { self.parser = parser }

        /// The thread's compiler, with a parser of its own.
        func compiler() throws(QueryError) -> QueryCompiler {
            if let engine { return QueryCompiler(engine: engine) }
            let engine = try parser.connect()
            self.engine = engine
            return QueryCompiler(engine: engine)
        }
    }

    /// Exactly one of the two closures is called, once.
    private struct Job {
        let ticket: Ticket
        let run: @Sendable (Worker) -> Void
        let refuse: @Sendable (QueryError) -> Void
    }

    private struct State {
        var waiting: [Job] = []
        var idle = 0
        var threads = 0
        var isClosed = false
    }

    private let threads: Int
    private let maximumWaiting: Int
    private let spare: Int
    private let parser: ParserDatabase
    private let state = Mutex(State())
    private let signal = ThreadSignal()

    /// - Parameter spare: idle threads that are kept; nil for all.
    init(threads: Int, maximumWaiting: Int, spare: Int? = nil, parser: ParserDatabase) {
        self.threads = max(1, threads)
        self.spare = spare ?? .max
        self.maximumWaiting = max(0, maximumWaiting)
        self.parser = parser
    }

    /// Runs `body` on one of the threads.
    ///
    /// - Throws: ``QueryError`` of `body`; `tooMany` when the queue is full.
    func run<Value: Sendable>(
        _ ticket: Ticket, _ body: @escaping @Sendable (Worker) throws(QueryError) -> Value
    ) async throws(QueryError) -> Value {
        let result: Result<Value, QueryError> = await withCheckedContinuation { continuation in
            let run: @Sendable (Worker) -> Void = { worker in
                ticket.start()
                let result: Result<Value, QueryError>
                do throws(QueryError) {
                    try ticket.check()
                    result = .success(try body(worker))
                } catch {
                    result = .failure(error)
                }
                ticket.finish()
                continuation.resume(returning: result)
            }
            let job = Job(ticket: ticket, run: run) { continuation.resume(returning: .failure($0)) }
            if let refusal = offer(job) { job.refuse(refusal) }
        }
        return try result.get()
    }

    /// Runs `run` on one of the threads, or calls `refuse`.
    func submit(_ ticket: Ticket, run: @escaping @Sendable (Worker) -> Void, refuse: @escaping @Sendable (QueryError) -> Void) {
        let job = Job(ticket: ticket, run: run, refuse: refuse)
        if let refusal = offer(job) { job.refuse(refusal) }
    }

    /// Answers a job that was stopped before a thread took it.
    func dropStopped(_ ticket: Ticket) {
        guard let stop = ticket.stop else { return }
        let job = state.withLock { state -> Job? in
            guard let index = state.waiting.firstIndex(where: { $0.ticket === ticket }) else { return nil }
            return state.waiting.remove(at: index)
        }
        guard let job else { return }
        ticket.finish()
        job.refuse(Ticket.error(of: stop))
    }

    /// Ends the threads once the queue is empty.
    func close() {
        let threads = state.withLock { state in
            state.isClosed = true
            return state.threads
        }
        for _ in 0..<threads { signal.signal() }
    }

    private func offer(_ job: Job) -> QueryError? {
        let (refusal, needsThread) = state.withLock { state -> (QueryError?, Bool) in
            if state.isClosed { return (QueryError(code: .unavailable, message: "the server is shutting down"), false) }
            guard state.waiting.count < state.idle + (threads - state.threads) + maximumWaiting else {
                return (QueryError(code: .tooMany, message: "too many queries are running", retryAfter: 1), false)
            }
            state.waiting.append(job)
            let needsThread = state.waiting.count > state.idle && state.threads < threads
            if needsThread { state.threads += 1 }
            return (nil, needsThread)
        }
        if refusal != nil { return refusal }
        if needsThread, !WorkerThread.start({ [self] in loop() }) {
            let isAlone = state.withLock { state in
                state.threads -= 1
                if state.threads == 0 { state.waiting.removeAll { $0.ticket === job.ticket } }
                return state.threads == 0
            }
            if isAlone { return QueryError(code: .unavailable, message: "the system gives no more threads", retryAfter: 5) }
        }
        signal.signal()
        return nil
    }

    private func loop() {
        let worker = Worker(parser: parser)
        while true {
            let isEnough = state.withLock { state -> Bool in
                guard state.waiting.isEmpty, state.idle >= spare else {
                    state.idle += 1
                    return false
                }
                state.threads -= 1
                return true
            }
            if isEnough { return }
            signal.wait()
            let (job, isClosed) = state.withLock { state -> (Job?, Bool) in
                state.idle -= 1
                return (state.waiting.isEmpty ? nil : state.waiting.removeFirst(), state.isClosed)
            }
            if let job { job.run(worker) } else if isClosed { return }
        }
    }
}
