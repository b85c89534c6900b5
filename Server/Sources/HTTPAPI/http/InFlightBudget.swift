import Synchronization

/// Bounds the bytes of request bodies held at once (`acceptance.md` D8): above it senders are told to come back.
public final class InFlightBudget: Sendable {
    private let limit: Int
    private let state = Mutex((used: 0, refused: 0))

    /// - Parameter limit: bytes; 256 MiB by default in the server's configuration.
    public init(limit: Int) { self.limit = limit }

    /// Takes `bytes`, or answers false and counts a refusal.
    func take(_ bytes: Int) -> Bool {
        state.withLock { state in
            guard state.used + bytes <= limit else {
                state.refused += 1
                return false
            }
            state.used += bytes
            return true
        }
    }

    func give(_ bytes: Int) {
        state.withLock { $0.used -= bytes }
    }

    /// Bytes held now, and how many requests were refused since the start.
    public var usage: (used: Int, refused: Int) { state.withLock { $0 } }
}
