import Synchronization

/// The last compiled texts: pages and dashboards ask the same with other time windows, which are not part of them.
final class CompiledQueries: Sendable {
    /// What a compiled text depends on.
    struct Key: Hashable {
        var sql: String
        var isFilter = false
        var limit = 0
        var timezone: String?
        var hasSpanEvents: Bool
    }

    private struct Entry {
        var query: CompiledQuery
        var lastUse: UInt64
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var clock: UInt64 = 0
    }

    private static let capacity = 128
    /// Longer texts are not kept.
    private static let maximumBytes = 8_192

    private let state = Mutex(State())

    /// The query compiled before, else what `compile` makes.
    func query(for key: Key, _ compile: () throws(QueryError) -> CompiledQuery) throws(QueryError) -> CompiledQuery {
        let known = state.withLock { state -> CompiledQuery? in
            guard state.entries[key] != nil else { return nil }
            state.clock += 1
            state.entries[key]?.lastUse = state.clock
            return state.entries[key]?.query
        }
        if let known { return known }
        let query = try compile()
        guard key.sql.utf8.count <= Self.maximumBytes else { return query }
        state.withLock { state in
            if state.entries.count >= Self.capacity, let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
                state.entries[oldest.key] = nil
            }
            state.clock += 1
            state.entries[key] = Entry(query: query, lastUse: state.clock)
        }
        return query
    }
}
