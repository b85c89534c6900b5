import Dispatch
import Synchronization

/// Why a password could not be checked.
public struct PasswordError: Error, CustomStringConvertible {
    /// What went wrong, for code that has to answer with a status.
    public struct Code: Sendable, Equatable {
        private enum Value { case tooShort, tooLong, busy, failed }
        private let value: Value
        /// Fewer characters than ``PasswordHasher/minimumLength``.
        public static let tooShort = Code(value: .tooShort)
        /// More bytes than ``PasswordHasher/maximumBytes``.
        public static let tooLong = Code(value: .tooLong)
        /// Too many checks are waiting; come back in a few seconds.
        public static let busy = Code(value: .busy)
        /// The hash function failed: no memory.
        public static let failed = Code(value: .failed)
    }

    public let code: Code
    public let description: String
}

/// Hashes and checks passwords one at a time on a thread of its own: a hash costs 32 MiB and a good part of a second, which
/// must neither block the cooperative pool nor be multiplied by whoever sends many log-ins at once.
public final class PasswordHasher: Sendable {
    public static let minimumLength = 10
    public static let maximumBytes = 1_024
    private static let waitingLimit = 24

    private let queue = DispatchQueue(label: "hearth.passwords", qos: .utility)
    private let waiting = Mutex(0)
    private let cost: PasswordHash.Cost
    /// What a password is compared with when there is no account, so that the answer takes as long.
    private let decoy: PasswordHash?

    public convenience init() { self.init(cost: .standard) }

    init(cost: PasswordHash.Cost) {
        self.cost = cost
        decoy = PasswordHash(
            text:
                "scrypt$\(cost.rounds)$\(cost.blockSize)$\(cost.parallelism)$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
        )
    }

    /// - Throws: `tooShort`, `tooLong`, `busy`, `failed`.
    public func hash(_ password: String) async throws(PasswordError) -> PasswordHash {
        guard password.count >= Self.minimumLength else {
            throw PasswordError(code: .tooShort, description: "a password has at least \(Self.minimumLength) characters")
        }
        guard password.utf8.count <= Self.maximumBytes else {
            throw PasswordError(code: .tooLong, description: "a password has at most \(Self.maximumBytes) bytes")
        }
        let cost = cost
        return try await run { try PasswordHash(of: password, cost: cost) }
    }

    /// Whether `password` is `user`'s; takes the same time when there is no such user.
    ///
    /// - Throws: `busy`, `failed`.
    public func isPassword(_ password: String, of user: User?) async throws(PasswordError) -> Bool {
        guard password.utf8.count <= Self.maximumBytes else { return false }
        guard let compared = compared(for: user) else { return false }
        let matches = try await run { try compared.hash.matches(password) }
        return matches && compared.isStored
    }

    /// What a password for `user` is compared with: the stored hash, or for nobody the decoy.
    func compared(for user: User?) -> (hash: PasswordHash, isStored: Bool)? {
        if let stored = user?.password.flatMap({ PasswordHash(text: $0) }) { return (stored, true) }
        return decoy.map { ($0, false) }
    }

    private func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws(PasswordError) -> Value {
        let isAdmitted = waiting.withLock { count in
            guard count < Self.waitingLimit else { return false }
            count += 1
            return true
        }
        guard isAdmitted else {
            throw PasswordError(code: .busy, description: "too many people are signing in; try again in a few seconds")
        }
        defer { waiting.withLock { $0 -= 1 } }
        let result: Result<Value, any Error> = await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: Result { try work() }) }
        }
        do { return try result.get() } catch {
            throw PasswordError(code: .failed, description: "the password could not be hashed: \(error)")
        }
    }
}
