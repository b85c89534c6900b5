import Foundation

/// Random texts: tokens, session cookies, one-time codes. All from the system's cryptographic generator.
public enum SecretText {
    /// Letters and digits; 5.95 bits a character.
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
    /// A region that is neither `us` nor `eu`, so that no client turns the token into a hosted address (`logfire-contract.md` §0.3).
    static let tokenPrefix = "pylf_v1_local_"

    /// A new token: the prefix and 238 random bits.
    static func token() -> String { tokenPrefix + alphanumeric(40) }

    /// `count` random letters and digits, each equally likely.
    public static func alphanumeric(_ count: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        return String(decoding: (0..<count).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] }, as: UTF8.self)
    }

    /// What may be shown of a token: everything before the secret, five characters of it and four asterisks.
    static func safePart(_ token: String) -> String {
        let prefix = token.hasPrefix(tokenPrefix) ? tokenPrefix.count : 0
        return token.prefix(prefix + 5) + "****"
    }

    /// A random UUID in lower case.
    public static func uuid() -> String { UUID().uuidString.lowercased() }
}
