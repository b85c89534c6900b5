public import SQLQuery
import Storage
public import TelemetryModel

/// What a live subscriber receives.
public enum LiveEvent: Sendable {
    /// New records and changed model calls as JSON (`{"sequence", "records", "calls"}`), up to and including `sequence`.
    case batch(sequence: Int64, json: [UInt8])
    /// Nothing new for a while; keeps intermediaries from closing the connection.
    case keepalive
}

/// Follows the committed records of a project from any commit sequence on.
///
/// Each event is a query for what was committed after the last one, woken by the writer's commits: whatever the subscriber
/// missed is still in storage, so nothing is skipped or repeated however slow it reads, and no per-subscriber queue exists.
public struct LiveFeed: Sendable {
    private let store: TelemetryStore
    private let queries: QueryEngine
    /// Shortest time between two batches of one subscriber, so that a burst of commits becomes few queries.
    private let pace: Duration
    private let keepalive: Duration
    /// Most records in one batch; more follow at once in the next.
    private let batchLimit: Int

    public init(
        store: TelemetryStore, queries: QueryEngine, pace: Duration = .milliseconds(150), keepalive: Duration = .seconds(10), batchLimit: Int = 500
    ) {
        self.store = store
        self.queries = queries
        self.pace = pace
        self.keepalive = keepalive
        self.batchLimit = batchLimit
    }

    /// Calls `send` for each event after commit `sequence`, until it throws or the task is cancelled.
    ///
    /// - Parameter filter: a SQL condition over `records_all`, already validated; nil for everything.
    public func follow(
        project: ProjectID, after sequence: Int64, filter: String?, send: (LiveEvent) async throws -> Void
    ) async throws {
        let (signals, continuation) = AsyncStream<Bool>.makeStream(bufferingPolicy: .bufferingNewest(1))
        continuation.yield(true)
        try await withThrowingTaskGroup(of: Void.self) { group in
            let commits = store.subscribe()
            group.addTask {
                for await _ in commits { continuation.yield(true) }
                continuation.finish()
            }
            group.addTask { [keepalive] in
                while !Task.isCancelled {
                    try await Task.sleep(for: keepalive)
                    continuation.yield(false)
                }
            }
            defer { group.cancelAll() }
            var cursor = sequence
            for await _ in signals {
                var sent = false
                var more = true
                while more {
                    let page = try await queries.live(project: project, after: cursor, filter: filter, limit: batchLimit)
                    more = page.hasMore
                    if !page.isEmpty {
                        try await send(.batch(sequence: page.sequence, json: page.json))
                        sent = true
                    }
                    cursor = max(cursor, page.sequence)
                }
                if !sent { try await send(.keepalive) }
                try await Task.sleep(for: pace)
            }
        }
    }
}
