public import Foundation
import Synchronization

/// Limits how often a password can be guessed: per account and per address, in windows of fifteen minutes.
///
/// An attempt counts before its password is checked, so that many at once cannot slip through; a success takes the account's
/// count away. Memory is bounded: when the table is full, the counts whose window ends first go.
public final class LoginLimiter: Sendable {
    /// Attempts per account and window.
    public static let accountLimit = 10
    /// Attempts per address and window; many people may share one.
    public static let addressLimit = 50
    static let window: TimeInterval = 15 * 60
    private static let tableLimit = 20_000

    private struct Count {
        var attempts: Int
        var endsAt: Date
    }

    private let counts = Mutex<[String: Count]>([:])

    public init() {}

    /// Counts an attempt. Seconds until the next one is allowed when there were too many, else nil.
    public func begin(account: String, address: String?, at now: Date = Date()) -> Int? {
        let keys = Self.keys(account, address)
        return counts.withLock { counts in
            var wait: TimeInterval = 0
            for (key, limit) in keys {
                if let count = counts[key], count.endsAt > now, count.attempts >= limit {
                    wait = max(wait, count.endsAt.timeIntervalSince(now))
                }
            }
            if wait > 0 { return max(1, Int(wait.rounded(.up))) }
            if counts.count >= Self.tableLimit { Self.makeRoom(&counts, now) }
            for (key, _) in keys {
                if let count = counts[key], count.endsAt > now {
                    counts[key]?.attempts += 1
                } else {
                    counts[key] = Count(attempts: 1, endsAt: now.addingTimeInterval(Self.window))
                }
            }
            return nil
        }
    }

    /// The password was right: the account's count starts again, and this attempt does not count for the address.
    public func succeeded(account: String, address: String?) {
        counts.withLock { counts in
            for (key, _) in Self.keys(account, nil) { counts[key] = nil }
            if let address { counts["@" + address]?.attempts -= 1 }
        }
    }

    private static func keys(_ account: String, _ address: String?) -> [(String, Int)] {
        // A hash, so that the length of what was sent does not matter.
        [("=" + SecretHash(account.lowercased()).data.base64EncodedString(), accountLimit)]
            + (address.map { [("@" + $0, addressLimit)] } ?? [])
    }

    private static func makeRoom(_ counts: inout [String: Count], _ now: Date) {
        counts = counts.filter { $0.value.endsAt > now }
        guard counts.count >= tableLimit else { return }
        for (key, _) in counts.sorted(by: { $0.value.endsAt < $1.value.endsAt }).prefix(tableLimit / 10) { counts[key] = nil }
    }
}
