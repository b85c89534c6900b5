import Foundation
import GRDB
import Synchronization

/// Who may do what, in memory: requests are decided without touching the database.
///
/// It is read again after every change made through ``change(_:)``, and within a second of a change by another process
/// (`hearth tokens` beside a running server), which SQLite's data version tells.
public final class AccountDirectory: Sendable {
    public let store: ControlStore
    private let state: Mutex<State>
    private let used = Mutex(Used())
    /// A connection of its own: SQLite counts as changes only what other connections committed.
    private let watch: DatabaseQueue

    private struct State {
        var snapshot: DirectorySnapshot
        /// Number of the read that gave the snapshot, and of the newest one begun; a slow read must not replace a newer one.
        var applied = 0
        var begun = 0
    }

    private struct Used {
        var tokens: [String: Date] = [:]
        var sessions: [String: Date] = [:]
    }

    public init(store: ControlStore) async throws(ControlStoreError) {
        self.store = store
        state = Mutex(State(snapshot: try await store.read { try DirectorySnapshot($0) }))
        do {
            var configuration = Configuration()
            configuration.readonly = true
            watch = try DatabaseQueue(path: store.path, configuration: configuration)
        } catch {
            throw ControlStoreError(code: .cannotOpen, description: "cannot open the control database \(store.path): \(error)")
        }
    }

    var snapshot: DirectorySnapshot { state.withLock { $0.snapshot } }

    /// Changes the stored accounts; when this returns, requests are decided by the new state.
    public func change<Value: Sendable>(
        _ body: (ControlStore) async throws(ControlStoreError) -> Value
    ) async throws(ControlStoreError) -> Value {
        let value = try await body(store)
        try await reload()
        return value
    }

    /// Reads everything again.
    public func reload() async throws(ControlStoreError) {
        let number = state.withLock { state in
            state.begun += 1
            return state.begun
        }
        let snapshot = try await store.read { try DirectorySnapshot($0) }
        state.withLock { state in
            guard number > state.applied else { return }
            state.snapshot = snapshot
            state.applied = number
        }
    }

    /// Follows changes by other processes and stores when tokens were last used, until cancelled.
    ///
    /// - Parameter report: called with what went wrong; the work goes on.
    public func follow(report: @Sendable (ControlStoreError) -> Void) async {
        var version = await dataVersion()
        var seconds = 0
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(1))  // ends early when cancelled
            if Task.isCancelled { break }
            seconds += 1
            do throws(ControlStoreError) {
                let now = await dataVersion()
                if now != version || now == nil {
                    try await reload()
                    version = now
                }
                if seconds % 60 == 0 { try await flush() }
            } catch {
                // In a cancelled task the database refuses to work: that is no failure.
                if !Task.isCancelled { report(error) }
            }
        }
        // A task of its own: in a cancelled one the database refuses to work.
        let last = Task { () -> ControlStoreError? in
            do throws(ControlStoreError) { try await flush() } catch { return error }
            return nil
        }
        if let error = await last.value { report(error) }
    }

    /// A number that differs after another connection's commit; nil when it cannot be read.
    private func dataVersion() async -> Int? {
        try? await watch.read { try Int.fetchOne($0, sql: "PRAGMA data_version") }
    }

    func flush() async throws(ControlStoreError) {
        let used = used.withLock { used in
            defer { used = Used() }
            return used
        }
        try await store.tidy(tokensUsed: used.tokens, sessionsUsed: used.sessions)
    }

    /// Notes a use; stored about once a minute.
    func touch(token: String, at time: Date) { used.withLock { $0.tokens[token] = time } }
    func touch(session: String, at time: Date) { used.withLock { $0.sessions[session] = time } }
}
