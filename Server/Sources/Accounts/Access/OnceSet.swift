import Synchronization

/// Remembers which strings were seen, up to a limit; beyond it nothing is new, so memory stays bounded.
final class OnceSet: Sendable {
    private let limit: Int
    private let seen = Mutex<Set<String>>([])

    init(limit: Int) { self.limit = limit }

    /// Whether `value` was not seen before.
    func insert(_ value: String) -> Bool {
        seen.withLock { seen in
            guard seen.count < limit else { return false }
            return seen.insert(value).inserted
        }
    }
}
