import Synchronization

/// Those who want to know of commits. A slow one sees the newest sequence, not each.
final class Subscriptions: Sendable {
    private struct State {
        var continuations: [UInt64: AsyncStream<Int64>.Continuation] = [:]
        var next: UInt64 = 0
        var isFinished = false
    }

    private let state = Mutex(State())

    /// Sequences of commits from now on; ends when the store is closed.
    func subscribe() -> AsyncStream<Int64> {
        let (stream, continuation) = AsyncStream.makeStream(of: Int64.self, bufferingPolicy: .bufferingNewest(1))
        let id = state.withLock { state -> UInt64? in
            guard !state.isFinished else { return nil }
            state.next += 1
            state.continuations[state.next] = continuation
            return state.next
        }
        guard let id else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in self?.remove(id) }
        return stream
    }

    private func remove(_ id: UInt64) {
        state.withLock { _ = $0.continuations.removeValue(forKey: id) }
    }

    func publish(_ sequence: Int64) {
        for continuation in state.withLock({ Array($0.continuations.values) }) { continuation.yield(sequence) }
    }

    func finish() {
        let all = state.withLock { state in
            state.isFinished = true
            defer { state.continuations = [:] }
            return Array(state.continuations.values)
        }
        for continuation in all { continuation.finish() }
    }
}
