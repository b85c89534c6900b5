import Synchronization

/// Bounds the bytes of request bodies held at once (`acceptance.md` D8): above it senders are told to come back.
public final class InFlightBudget: Sendable {
    /// Bytes.
    public let limit: Int
    private let state = Mutex((used: 0, refused: 0))

    /// - Parameter limit: bytes; 256 MiB by default in the server's configuration.
    public init(limit: Int) { self.limit = limit }

    /// Takes `bytes`, or answers false and counts a refusal.
    public func take(_ bytes: Int) -> Bool {
        state.withLock { state in
            guard state.used + bytes <= limit else {
                state.refused += 1
                return false
            }
            state.used += bytes
            return true
        }
    }

    /// Gives back what was taken.
    public func give(_ bytes: Int) {
        state.withLock { $0.used -= bytes }
    }

    /// Bytes held now, and how many requests were refused since the start.
    public var usage: (used: Int, refused: Int) { state.withLock { $0 } }
}

/// What one request holds of an ``InFlightBudget``.
public struct HeldBytes: ~Copyable {
    private let budget: InFlightBudget
    private var held = 0

    public init(_ budget: InFlightBudget) { self.budget = budget }

    /// Holds `bytes` in all; false when the budget does not allow that many. What a request no longer needs stays counted until it ends.
    public mutating func hold(_ bytes: Int) -> Bool {
        guard bytes > held else { return true }
        guard budget.take(bytes - held) else { return false }
        held = bytes
        return true
    }

    /// Gives everything back.
    public mutating func release() {
        budget.give(held)
        held = 0
    }
}
