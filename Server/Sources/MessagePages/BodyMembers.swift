#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Splits the JSON text of attributes, message bodies among them, into its members.
///
/// The text is our own: an object without white space, every key written in one way (`OTLPIngest/AttributeJSON`).
package enum BodyMembers {
    /// A member: ranges of the quoted key and of the value.
    struct Member {
        var key: Range<Int>
        var value: Range<Int>
    }

    /// The members in order; nil when the text is something else.
    static func split(_ text: UnsafeBufferPointer<UInt8>) -> [Member]? {
        var members: [Member] = []
        return walk(text) { members.append($0) } ? members : nil
    }

    /// Where the value of a member stands; nil when there is none before the end of the object or before what is no object of ours.
    ///
    /// - Parameter key: with its quotes, as it is written.
    package static func value(of key: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
        var found: Range<Int>?
        _ = walk(text, until: { found != nil }) { member in
            if UnsafeBufferPointer(rebasing: text[member.key]).elementsEqual(key) { found = member.value }
        }
        return found
    }

    /// Calls `visit` for the members in order; false when the text is something else.
    @inline(__always)
    private static func walk(
        _ text: UnsafeBufferPointer<UInt8>, until isDone: () -> Bool = { false }, _ visit: (Member) -> Void
    ) -> Bool {
        guard text.count >= 2, text[0] == UInt8(ascii: "{"), text[text.count - 1] == UInt8(ascii: "}") else { return false }
        var index = 1
        let last = text.count - 1
        while index < last {
            guard let keyEnd = stringEnd(text, index, last), keyEnd < last, text[keyEnd] == UInt8(ascii: ":"),
                let valueEnd = valueEnd(text, keyEnd + 1, last)
            else { return false }
            visit(Member(key: index..<keyEnd, value: keyEnd + 1..<valueEnd))
            if valueEnd == last || isDone() { return true }
            guard text[valueEnd] == UInt8(ascii: ","), valueEnd + 1 < last else { return false }
            index = valueEnd + 1
        }
        return true
    }

    /// The place after the string that begins at `start`.
    private static func stringEnd(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Int? {
        guard start < end, text[start] == UInt8(ascii: "\"") else { return nil }
        guard let base = text.baseAddress else { return nil }
        var index = start + 1
        while index < end {
            guard let found = memchr(base + index, Int32(UInt8(ascii: "\"")), end - index) else { return nil }
            let quote = UnsafeRawPointer(found) - UnsafeRawPointer(base)
            // A quote after an odd number of backslashes is part of the string.
            var backslashes = 0
            while quote - backslashes - 1 > start, text[quote - backslashes - 1] == UInt8(ascii: "\\") { backslashes += 1 }
            if backslashes % 2 == 0 { return quote + 1 }
            index = quote + 1
        }
        return nil
    }

    /// The place after the value that begins at `start`: the comma of the next member, or `end`.
    private static func valueEnd(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Int? {
        var depth = 0
        var index = start
        while index < end {
            switch text[index] {
            case UInt8(ascii: "\""):
                guard let after = stringEnd(text, index, end) else { return nil }
                index = after
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth < 0 { return nil }
            case UInt8(ascii: ",") where depth == 0: return index > start ? index : nil
            default: break
            }
            index += 1
        }
        return depth == 0 && index > start ? index : nil
    }
}
