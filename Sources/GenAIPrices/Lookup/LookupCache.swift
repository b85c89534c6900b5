import Synchronization

/// Remembers what look-ups found, up to a number of them; then it starts over.
final class LookupCache: Sendable {
    struct Key: Hashable {
        var provider: String?
        var apiURL: String?
        var model: String
    }

    private static let limit = 4_096
    private let found = Mutex<[Key: Result<ModelMatch, PriceError>]>([:])

    func value(_ key: Key) -> Result<ModelMatch, PriceError>? { found.withLock { $0[key] } }

    func store(_ result: Result<ModelMatch, PriceError>, for key: Key) {
        found.withLock { found in
            if found.count >= Self.limit { found.removeAll() }
            found[key] = result
        }
    }
}
