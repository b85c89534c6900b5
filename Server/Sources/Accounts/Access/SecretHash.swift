import Crypto
import Foundation

/// SHA-256 of a secret, as a dictionary key.
///
/// Secrets here have more than 190 random bits, so a plain hash cannot be inverted by guessing, and a look-up by hash tells
/// nothing about a secret through its timing: whoever asks cannot choose the bits that are compared.
struct SecretHash: Hashable, Sendable {
    private let words: (UInt64, UInt64, UInt64, UInt64)

    init(_ secret: String) {
        var hasher = SHA256()
        var secret = secret
        secret.withUTF8 { hasher.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        words = hasher.finalize().withUnsafeBytes { $0.loadUnaligned(as: (UInt64, UInt64, UInt64, UInt64).self) }
    }

    /// Nil when `data` is no SHA-256.
    init?(stored data: Data) {
        guard data.count == 32 else { return nil }
        words = data.withUnsafeBytes { $0.loadUnaligned(as: (UInt64, UInt64, UInt64, UInt64).self) }
    }

    var data: Data { withUnsafeBytes(of: words) { Data($0) } }

    static func == (left: SecretHash, right: SecretHash) -> Bool { left.words == right.words }

    func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}
