import SQLQuery
import Synchronization
import TelemetryModel

/// Queries that can be cancelled by the name that their client gave them. A client that goes away is not always noticed before there is
/// something to send to it, so that cancelling has to be said.
final class RunningQueries: Sendable {
    struct Key: Hashable {
        var project: ProjectID
        var id: String
    }

    private let tasks = Mutex<[Key: Task<Result<QueryAnswer, QueryError>, Never>]>([:])

    /// Runs a query that ``cancel(_:)`` can end.
    ///
    /// - Throws: ``QueryError``; `invalidRequest` when a query of the same name is running; `cancelled`.
    func run(
        _ key: Key, _ body: @escaping @Sendable () async throws(QueryError) -> QueryAnswer
    ) async throws(QueryError) -> QueryAnswer {
        let task = tasks.withLock { tasks -> Task<Result<QueryAnswer, QueryError>, Never>? in
            guard tasks[key] == nil else { return nil }
            let task = Task { () async -> Result<QueryAnswer, QueryError> in
                do throws(QueryError) { return .success(try await body()) } catch { return .failure(error) }
            }
            tasks[key] = task
            return task
        }
        guard let task else {
            throw QueryError(code: .invalidRequest, message: "a query with the id \(key.id) is running; give every query an id of its own")
        }
        let result = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        tasks.withLock { $0[key] = nil }
        return try result.get()
    }

    /// - Returns: whether such a query was running.
    func cancel(_ key: Key) -> Bool {
        let task = tasks.withLock { $0[key] }
        task?.cancel()
        return task != nil
    }
}
