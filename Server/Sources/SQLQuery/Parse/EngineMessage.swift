import DuckDBKit

/// The parts of an engine message.
enum EngineMessage {
    /// The message without its kind and without the excerpt of the statement, which shows rewritten text.
    static func text(of error: DuckDBError) -> String {
        var text = Substring(error.message)
        if let excerpt = excerptStart(text) { text = text[..<excerpt] }
        // Advice about settings that users of queries cannot make.
        if let advice = text.firstRange(of: "\n\nPossible solutions:") { text = text[..<advice.lowerBound] }
        if let colon = text.firstRange(of: " Error: "),
            colon.lowerBound < text.index(text.startIndex, offsetBy: 24, limitedBy: text.endIndex) ?? text.endIndex
        {
            text = text[colon.upperBound...]
        }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    /// The byte offset in `sql` that the excerpt's caret points at.
    static func position(of error: DuckDBError, in sql: [UInt8]) -> Int? {
        let message = Substring(error.message)
        guard let start = excerptStart(message) else { return nil }
        let lines = message[start...].split(separator: "\n", omittingEmptySubsequences: true)
        guard lines.count >= 2, let colon = lines[0].firstRange(of: ": "), let caret = lines[1].utf8.firstIndex(of: UInt8(ascii: "^")),
            let number = Int(lines[0][..<colon.lowerBound].dropFirst("LINE ".count))
        else { return nil }
        let line = lines[0][colon.upperBound...]
        // Long lines are cut on either side and marked with dots. The caret's column counts characters.
        let column = lines[1].utf8.distance(from: lines[1].utf8.startIndex, to: caret) - lines[0][..<colon.upperBound].count
        let isCut = line.hasPrefix("...")
        let shown = isCut ? line.dropFirst(3) : line
        let offset = column - (isCut ? 3 : 0)
        guard offset >= 0, offset <= shown.count else { return nil }
        let prefix = shown.prefix(offset).utf8.count
        var lineStart = 0
        for _ in 1..<max(number, 1) {
            guard let end = sql[lineStart...].firstIndex(of: 0x0a) else { return nil }
            lineStart = end + 1
        }
        guard isCut else { return lineStart + prefix }
        let text = Array((shown.hasSuffix("...") ? shown.dropLast(3) : shown).utf8)
        return sql[lineStart...].firstRange(of: text).map { $0.lowerBound + prefix }
    }

    private static func excerptStart(_ text: Substring) -> Substring.Index? {
        text.firstRange(of: "\n\nLINE ").map { text.index($0.lowerBound, offsetBy: 2) }
            ?? text.firstRange(of: "\nLINE ").map { text.index(after: $0.lowerBound) }
    }
}
