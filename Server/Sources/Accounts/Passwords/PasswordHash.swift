import Crypto
import CryptoExtras
import Foundation

/// A password as it is stored: scrypt (RFC 7914) with its parameters and a salt of its own.
public struct PasswordHash: Sendable, Equatable {
    /// Cost of a guess: `rounds` × `blockSize` × 128 bytes of memory, `parallelism` times.
    struct Cost: Sendable, Equatable {
        /// A power of two.
        var rounds: Int
        var blockSize: Int
        var parallelism: Int

        /// 32 MiB, three times over.
        static let standard = Cost(rounds: 1 << 15, blockSize: 8, parallelism: 3)

        /// Bounds of what is read back, so that a damaged row cannot ask for any amount of memory.
        var isReasonable: Bool {
            rounds >= 2 && rounds <= 1 << 20 && rounds & (rounds - 1) == 0 && (1...32).contains(blockSize) && (1...16).contains(parallelism)
        }
    }

    private static let length = 32
    let cost: Cost
    private let salt: Data
    private let key: Data

    /// Hashes `password` with a new salt; takes a tenth of a second or more on purpose: see ``PasswordHasher``.
    init(of password: String, cost: Cost = .standard) throws {
        var generator = SystemRandomNumberGenerator()
        self.cost = cost
        salt = Data((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
        key = try Self.derive(password, salt, cost).withUnsafeBytes { Data($0) }
    }

    /// Reads ``text``; nil when it is none.
    init?(text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "scrypt", let rounds = Int(parts[1]), let blockSize = Int(parts[2]),
            let parallelism = Int(parts[3]), let salt = Data(base64Encoded: String(parts[4])),
            let key = Data(base64Encoded: String(parts[5])), key.count == Self.length
        else { return nil }
        cost = Cost(rounds: rounds, blockSize: blockSize, parallelism: parallelism)
        guard cost.isReasonable else { return nil }
        self.salt = salt
        self.key = key
    }

    /// `scrypt$rounds$blockSize$parallelism$salt$key`, the last two in base 64.
    var text: String {
        "scrypt$\(cost.rounds)$\(cost.blockSize)$\(cost.parallelism)$\(salt.base64EncodedString())$\(key.base64EncodedString())"
    }

    /// Whether `password` is the one that was hashed; the comparison takes the same time wherever the keys differ.
    func matches(_ password: String) throws -> Bool {
        try Self.derive(password, salt, cost) == SymmetricKey(data: key)
    }

    private static func derive(_ password: String, _ salt: Data, _ cost: Cost) throws -> SymmetricKey {
        try KDF.Scrypt.deriveKey(
            from: Data(password.utf8), salt: salt, outputByteCount: length, rounds: cost.rounds, blockSize: cost.blockSize,
            parallelism: cost.parallelism)
    }
}
