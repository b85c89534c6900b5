import Synchronization

/// Counts the connections that follow the live view.
public final class LiveAudience: Sendable {
    private let subscribers = Mutex(0)

    public init() {}

    var count: Int { subscribers.withLock { $0 } }

    /// A subscriber, for as long as somebody holds it.
    final class Seat: Sendable {
        private let audience: LiveAudience

        init(_ audience: LiveAudience) {
            self.audience = audience
            audience.subscribers.withLock { $0 += 1 }
        }

        deinit { audience.subscribers.withLock { $0 -= 1 } }
    }
}
