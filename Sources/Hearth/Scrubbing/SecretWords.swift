/// Finds words that announce secrets, in any case, without regular expressions: one pass over the bytes with a table of first pairs.
struct SecretWords: Sendable {
    /// A word of parts; between two parts may stand one of `.`, `_`, `-`, a blank, or nothing.
    private struct Word {
        var parts: [[UInt8]]
        /// Stands alone or between underscores.
        var isWhole = false
        /// Digits and an underscore follow.
        var isVersioned = false
        /// Must not be followed by these.
        var exceptions: [[UInt8]] = []

        /// Two bytes are looked up to find where a word may begin.
        var isUsable: Bool { (parts.first?.count ?? 0) >= 2 }

        init(_ text: String) { parts = text.split(separator: " ").map { Array($0.lowercased().utf8) } }
    }

    private let words: [Word]
    /// Indexed by the first two bytes in lower case, five bits each.
    private var starts = [Bool](repeating: false, count: 65_536)

    static let standard = [
        "password", "passwd", "mysql_pwd", "secret", "credential", "private key", "api key", "session", "cookie", "social security",
        "credit card",
        "logfire token", "passphrase", "signing key", "hmac key", "access token", "refresh token", "bearer token", "id token",
    ]

    /// - Parameter extra: more words; a blank in them stands for an optional separator.
    init(extra: [String]) {
        var words = (Self.standard + extra).map(Word.init)
        words += ["csrf", "xsrf", "jwt", "ssn"].map { text in
            var word = Word(text)
            word.isWhole = true
            return word
        }
        var authority = Word("auth")
        authority.exceptions = ["or".utf8, "ors".utf8].map(Array.init)
        words.append(authority)
        var token = Word("pylf_v")
        token.isVersioned = true
        words.append(token)
        self.words = words.filter { $0.isUsable }
        for word in self.words { starts[Self.pair(word.parts[0][0], word.parts[0][1])] = true }
    }

    /// Whether a word can be looked for.
    static func isUsable(_ word: String) -> Bool { Word(word).isUsable }

    /// Whether a text holds such a word.
    @inline(__always)
    func occur(in text: String) -> Bool {
        text.utf8.withContiguousStorageIfAvailable { find(in: $0) != nil } ?? (find(in: text) != nil)
    }

    /// The first such word in a text, as it is written there.
    func find(in text: String) -> String? {
        let range = text.utf8.withContiguousStorageIfAvailable { find(in: $0) } ?? Array(text.utf8).withUnsafeBufferPointer { find(in: $0) }
        guard let range else { return nil }
        return String(decoding: Array(text.utf8)[range], as: UTF8.self)
    }

    private func find(in bytes: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
        guard bytes.count >= 3 else { return nil }
        return starts.withUnsafeBufferPointer { starts -> Range<Int>? in
            var previous = Self.lower(bytes[0])
            for index in 1..<bytes.count {
                let next = Self.lower(bytes[index])
                defer { previous = next }
                guard starts[Self.pair(previous, next)] else { continue }
                for word in words {
                    if let end = Self.match(word, in: bytes, at: index - 1) { return index - 1..<end }
                }
            }
            return nil
        }
    }

    private static func match(_ word: Word, in bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
        var position = start
        for (index, part) in word.parts.enumerated() {
            if index > 0, position < bytes.count, isSeparator(bytes[position]) { position += 1 }
            guard bytes.count - position >= part.count else { return nil }
            for byte in part {
                guard lower(bytes[position]) == byte else { return nil }
                position += 1
            }
        }
        if word.isWhole {
            if start > 0, isLetterOrDigit(bytes[start - 1]) { return nil }
            if position < bytes.count, isLetterOrDigit(bytes[position]) { return nil }
        }
        if word.isVersioned {
            let digits = position
            while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
            guard position > digits, position < bytes.count, bytes[position] == UInt8(ascii: "_") else { return nil }
            position += 1
        }
        for exception in word.exceptions where bytes.count - position >= exception.count {
            let follows = exception.indices.allSatisfy { lower(bytes[position + $0]) == exception[$0] }
            let end = position + exception.count
            // "author" and "authors" as words of their own, not "authority" nor "authorization".
            if follows, end == bytes.count || !isLetterOrDigit(bytes[end]) { return nil }
        }
        return position
    }

    private static func pair(_ first: UInt8, _ second: UInt8) -> Int { Int(first) << 8 | Int(second) }

    private static func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5a).contains(byte) ? byte | 0x20 : byte }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: " ")
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        let byte = lower(byte)
        return (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) || byte >= 0x80
    }
}
