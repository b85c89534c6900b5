import Synchronization

/// The answer that somebody waits for; the first one counts.
final class Reply<Value: Sendable>: Sendable {
    private let continuation: Mutex<CheckedContinuation<Result<Value, QueryError>, Never>?>
    private let late = Mutex<QueryError?>(nil)
    let permit: QueryPermit

    init(_ continuation: CheckedContinuation<Result<Value, QueryError>, Never>, permit: QueryPermit) {
        self.continuation = Mutex(continuation)
        self.permit = permit
    }

    func send(_ result: Result<Value, QueryError>) {
        let waiting = continuation.withLock { continuation in
            defer { continuation = nil }
            return continuation
        }
        waiting?.resume(returning: result)
    }

    /// Why the job failed after it had answered.
    var failure: QueryError? { late.withLock { $0 } }

    func noteFailure(_ error: QueryError) { late.withLock { $0 = error } }

    /// Answers while the job goes on.
    func early(_ value: Value) { send(.success(value)) }
}
