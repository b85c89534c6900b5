#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A text that is looked for in the values of one key, or of one of several.
public struct Needle: Sendable, Hashable {
    /// The keys as JSON, with quotes.
    let quotedKeys: [[UInt8]]
    /// Lower case when case does not matter.
    let text: [UInt8]
    let ignoresCase: Bool
    private let rarest: Int

    /// - Returns: nil when the text cannot be looked for in JSON as it is: it is empty, not ASCII, or has characters that JSON escapes; and when
    ///   there is no key.
    public init?(keys: [String], text: String, ignoresCase: Bool) {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty, !keys.isEmpty, keys.allSatisfy({ $0.utf8.allSatisfy(Self.isPlain) }), bytes.allSatisfy(Self.isPlain) else {
            return nil
        }
        quotedKeys = keys.map { [UInt8(ascii: "\"")] + Array($0.utf8) + [UInt8(ascii: "\"")] }
        self.text = ignoresCase ? bytes.map(Self.lowercased) : bytes
        self.ignoresCase = ignoresCase
        rarest = Self.rarestIndex(of: self.text)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }

    /// Bytes before a piece's own that can take part in a match, with those that tell whether its first byte belongs to an escape.
    var overlap: Int { text.count - 1 + Self.longestEscape }

    private static let longestEscape = 6

    /// Where the first match ends. Makes `haystack` lower case when case does not matter.
    func firstMatchEnd(in haystack: inout [UInt8]) -> Int? {
        if haystack.count < text.count { return nil }
        return haystack.withUnsafeMutableBufferPointer { haystack in
            if ignoresCase { Self.lowercase(haystack) }
            return firstMatchEnd(UnsafeRawBufferPointer(haystack))
        }
    }

    /// Looks for the rarest byte of the needle with the system's search, and at the rest only there.
    private func firstMatchEnd(_ bytes: UnsafeRawBufferPointer) -> Int? {
        let base = bytes.baseAddress.unsafelyUnwrapped
        let last = bytes.count - text.count
        var start = 0
        while start <= last {
            guard let found = memchr(base + start + rarest, Int32(text[rarest]), last - start + 1) else { return nil }
            let place = UnsafeRawPointer(found) - base - rarest
            let matches = text.withUnsafeBytes { memcmp(base + place, $0.baseAddress.unsafelyUnwrapped, $0.count) == 0 }
            if matches, !Self.isInEscape(bytes, place) { return place + text.count }
            start = place + 1
        }
        return nil
    }

    /// Without branches, so that the compiler makes it wide.
    private static func lowercase(_ bytes: UnsafeMutableBufferPointer<UInt8>) {
        for index in bytes.indices {
            let byte = bytes[index]
            let isUpper: UInt8 = byte &- 0x41 < 26 ? 0x20 : 0
            bytes[index] = byte | isUpper
        }
    }

    /// Bytes of prose from rare to frequent; what is not among them is rarer.
    private static let byFrequency = Array("zqjxkvbpygfwmucldrhsnioate ".utf8)

    private static func rarestIndex(of text: [UInt8]) -> Int {
        func rank(_ byte: UInt8) -> Int { (byFrequency.firstIndex(of: lowercased(byte)) ?? -1) + 1 }
        return text.indices.min { rank(text[$0]) < rank(text[$1]) } ?? 0
    }

    /// Whether the byte at `place` is part of an escape such as `\n`: the text then has another character there.
    private static func isInEscape(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Bool {
        for distance in 1..<longestEscape where place >= distance && bytes[place - distance] == UInt8(ascii: "\\") {
            var backslashes = 1
            while place - distance - backslashes >= 0, bytes[place - distance - backslashes] == UInt8(ascii: "\\") { backslashes += 1 }
            // An even number are escaped backslashes: this one begins nothing.
            if backslashes % 2 == 0 { continue }
            let isUnicode = distance > 1 && bytes[place - distance + 1] == UInt8(ascii: "u")
            if distance == 1 || isUnicode { return true }
        }
        return false
    }
}
