import Hearth
import HearthExport
import Synchronization

/// One query on its way: asks on the first read, then reads as much as is asked for.
///
/// What blocks runs on a thread of its own. Nothing is read while nobody asks, so the server goes no faster than the reader.
final class QueryExchange: Sendable {
    private struct State: ~Copyable {
        var exchange: HTTPExchange
        var reader = AnswerReader()
        var hasBegun = false
        var isOver = false
    }

    private let state: Mutex<State>
    private let isCancelled = Atomic(false)
    private let endpoint: Endpoint
    private let headers: [(name: String, value: String)]
    private let body: [UInt8]
    /// Nanoseconds in which something must come.
    private let patience: UInt64

    init(_ endpoint: Endpoint, headers: [(name: String, value: String)], body: [UInt8], timeout: Duration) {
        self.endpoint = endpoint
        self.headers = headers
        self.body = body
        patience = timeout.wholeNanoseconds
        state = Mutex(State(exchange: HTTPExchange(to: endpoint)))
    }

    /// The next rows; nil at the end of the answer.
    func next() async throws(QueryError) -> [AttributeValue]? {
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Result<[AttributeValue]?, QueryError>, Never>) in
                let isStarted = WorkerThread.start { continuation.resume(returning: self.blockingNext()) }
                if !isStarted { continuation.resume(returning: .failure(QueryError(.unreachable, "no thread could be started"))) }
            }
        } onCancel: {
            isCancelled.store(true, ordering: .relaxed)
        }
        return try outcome.get()
    }

    private func blockingNext() -> Result<[AttributeValue]?, QueryError> {
        state.withLock { state in
            guard !state.isOver else { return .success(nil) }
            do throws(QueryError) {
                let rows = try read(&state)
                if rows == nil { state.isOver = true }
                return .success(rows)
            } catch {
                state.isOver = true
                return .failure(error)
            }
        }
    }

    private func read(_ state: inout State) throws(QueryError) -> [AttributeValue]? {
        let deadline = SystemTime.monotonic() &+ patience
        if endpoint.isSecure { return try readSecure(&state, deadline: deadline) }
        if !state.hasBegun {
            state.hasBegun = true
            do throws(HTTPError) {
                try state.exchange.begin(body, path: endpoint.path, headers: headers, deadline: deadline)
            } catch {
                throw failure(error)
            }
        }
        while true {
            guard !isCancelled.load(ordering: .relaxed) else { throw QueryError(.cancelled, "the query was cancelled") }
            guard let bytes = try piece(&state, deadline: deadline) else {
                if let head = state.exchange.head, head.status == 200, !state.reader.isComplete {
                    throw QueryError(.interrupted, "the answer of \(endpoint.text) ended before its end")
                }
                return nil
            }
            guard let head = state.exchange.head, !bytes.isEmpty else { continue }
            guard head.status == 200 else { throw try problem(head, bytes, &state, deadline: deadline) }
            let rows = try state.reader.take(bytes)
            if !rows.isEmpty { return rows }
        }
    }

    /// Over TLS an answer comes as a whole, of at most ``largestSecureAnswer`` bytes.
    private func readSecure(_ state: inout State, deadline: UInt64) throws(QueryError) -> [AttributeValue]? {
        guard !state.hasBegun else { return nil }
        state.hasBegun = true
        guard let secure = SecureTransport.connection else { throw failure(.unreachable("\(endpoint.authority): there is no TLS")) }
        let response: HTTPResponse
        do throws(HTTPError) {
            response = try secure.post(body, url: endpoint.text, headers: headers, bodyLimit: Self.largestSecureAnswer, deadline: deadline)
        } catch {
            throw failure(error)
        }
        guard response.status == 200 else {
            throw QueryError(status: response.status, headers: { response.header($0) }, body: response.body)
        }
        let rows = try state.reader.take(response.body)
        guard state.reader.isComplete else { throw QueryError(.interrupted, "the answer of \(endpoint.text) ended before its end") }
        return rows
    }

    /// What a server sends at most unless it is told otherwise.
    private static let largestSecureAnswer = 64 * 1024 * 1024

    /// Waits for a piece of the body, in slices so that a cancelled task does not wait for the server.
    private func piece(_ state: inout State, deadline: UInt64) throws(QueryError) -> [UInt8]? {
        let now = SystemTime.monotonic()
        do throws(HTTPError) {
            let bytes = try state.exchange.next(deadline: min(deadline, now &+ 100_000_000))
            if bytes == nil, let head = state.exchange.head, head.status != 200 { throw HTTPError.malformed("") }
            return bytes
        } catch .timedOut where now < deadline {
            return []
        } catch .malformed("") {
            guard let head = state.exchange.head else { return nil }
            throw QueryError(status: head.status, headers: { head.header($0) }, body: [])
        } catch {
            throw failure(error)
        }
    }

    /// The error of an answer that is none, with the rest of its text.
    private func problem(_ head: HTTPResponse, _ first: [UInt8], _ state: inout State, deadline: UInt64) throws(QueryError) -> QueryError {
        var body = first
        while body.count < 64 * 1024 {
            let more: [UInt8]?
            do throws(HTTPError) {
                more = try state.exchange.next(deadline: deadline)
            } catch {
                // What has come of the text is better than nothing.
                more = nil
            }
            guard let more else { break }
            body += more
        }
        return QueryError(status: head.status, headers: { head.header($0) }, body: body)
    }

    private func failure(_ error: HTTPError) -> QueryError {
        switch error {
        case .unreachable(let reason): QueryError(.unreachable, reason)
        case .closed: QueryError(.interrupted, "\(endpoint.text): \(error.text)")
        case .timedOut: QueryError(.timedOut, "\(endpoint.text) sent nothing for \(Double(patience) / 1e9) seconds")
        case .malformed(let reason): QueryError(.malformedAnswer, "\(endpoint.text): \(reason)")
        }
    }
}
