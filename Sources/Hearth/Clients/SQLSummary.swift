/// What a statement does and to which table, for names of spans: `SELECT orders`. Reads the beginning only; knows no dialect.
package struct SQLSummary: Sendable, Hashable {
    /// The first word in capitals: `SELECT`; empty when there is none.
    package var operation = ""
    /// The first table that is named, without quotation marks; nil when none is.
    package var collection: String?

    /// `SELECT orders`, or `SQL` for a text without words.
    package var text: String {
        guard !operation.isEmpty else { return "SQL" }
        return collection.map { "\(operation) \($0)" } ?? operation
    }

    /// Words behind which a table is named.
    private static let heralds: Set<String> = ["FROM", "INTO", "UPDATE", "TABLE", "JOIN"]
    /// Words that may come between.
    private static let fillers: Set<String> = ["IF", "NOT", "EXISTS", "ONLY", "OR", "ROLLBACK", "ABORT", "REPLACE", "FAIL", "IGNORE"]

    package init(_ sql: String) {
        var words = Words(sql)
        guard let first = words.next() else { return }
        operation = first.uppercased()
        var expectsTable = Self.heralds.contains(operation)
        // Of a `WITH` the statement behind it counts.
        var isDepthZero = true
        while let word = words.next() {
            let upper = word.uppercased()
            isDepthZero = words.depth == 0
            if operation == "WITH", isDepthZero, ["SELECT", "INSERT", "UPDATE", "DELETE"].contains(upper) {
                operation = upper
                expectsTable = upper == "UPDATE"
            } else if expectsTable, !Self.fillers.contains(upper) {
                collection = word
                return
            } else if operation != "WITH", Self.heralds.contains(upper) {
                expectsTable = true
            }
        }
    }

    /// Words and quoted names; strings, numbers and comments are passed over.
    private struct Words {
        private let bytes: [UInt8]
        private var position = 0
        /// Open brackets at the last word.
        var depth = 0

        /// Longer statements are not read to their end.
        private static let limit = 4096

        init(_ text: String) {
            bytes = Array(text.utf8.prefix(Self.limit))
        }

        mutating func next() -> String? {
            while position < bytes.count {
                let byte = bytes[position]
                switch byte {
                case UInt8(ascii: "("): depth += 1
                case UInt8(ascii: ")"): depth -= 1
                case UInt8(ascii: "'"): skipString()
                case UInt8(ascii: "-") where follows(UInt8(ascii: "-")): skip { $0 == 0x0a }
                case UInt8(ascii: "/") where follows(UInt8(ascii: "*")): skipComment()
                case UInt8(ascii: "\""), UInt8(ascii: "`"): return quoted(byte)
                case UInt8(ascii: "["): return quoted(UInt8(ascii: "]"))
                case let byte where Self.begins(byte): return word()
                default: break
                }
                position += 1
            }
            return nil
        }

        private func follows(_ byte: UInt8) -> Bool { position + 1 < bytes.count && bytes[position + 1] == byte }

        private mutating func skip(until isEnd: (UInt8) -> Bool) {
            while position < bytes.count, !isEnd(bytes[position]) { position += 1 }
        }

        private mutating func skipString() {
            position += 1
            skip { $0 == UInt8(ascii: "'") }
        }

        private mutating func skipComment() {
            position += 2
            while position < bytes.count, !(bytes[position] == UInt8(ascii: "*") && follows(UInt8(ascii: "/"))) { position += 1 }
            position += 1
        }

        private mutating func quoted(_ end: UInt8) -> String {
            let start = position + 1
            position += 1
            skip { $0 == end }
            defer { position += 1 }
            return String(
                decoding: bytes[min(start, bytes.count)..<max(min(position, bytes.count), min(start, bytes.count))], as: UTF8.self)
        }

        private mutating func word() -> String {
            let start = position
            skip { !(Self.begins($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "$")) }
            return String(decoding: bytes[start..<position], as: UTF8.self)
        }

        private static func begins(_ byte: UInt8) -> Bool {
            (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) || byte == UInt8(ascii: "_") || byte >= 0x80
        }
    }
}
