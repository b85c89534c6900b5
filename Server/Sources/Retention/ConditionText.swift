/// SQL of conditions with texts of users in them.
enum ConditionText {
    /// `column` equals `pattern`, in which `*` stands for any text.
    static func matches(_ column: String, _ pattern: String) -> String {
        guard pattern.utf8.contains(UInt8(ascii: "*")) else { return "\(column) = \(quoted(pattern))" }
        return "\(column) LIKE \(quoted(like(pattern))) ESCAPE '\\'"
    }

    /// A list has an element that is `pattern`.
    static func hasElement(_ column: String, _ pattern: String) -> String {
        guard pattern.utf8.contains(UInt8(ascii: "*")) else { return "list_contains(\(column), \(quoted(pattern)))" }
        return "len(list_filter(\(column), lambda t: t LIKE \(quoted(like(pattern))) ESCAPE '\\')) > 0"
    }

    /// An attribute has a value that is `pattern`, or any value.
    static func attribute(_ key: String, _ pattern: String?) -> String {
        let text = "(attributes->>\(quoted(key)))"
        return pattern.map { matches(text, $0) } ?? "\(text) IS NOT NULL"
    }

    static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''").filter { $0 != "\0" } + "'"
    }

    /// The pattern of LIKE with the escape character `\`.
    private static func like(_ pattern: String) -> String {
        var result = ""
        for character in pattern {
            switch character {
            case "\\", "%", "_": result += "\\\(character)"
            case "*": result += "%"
            default: result.append(character)
            }
        }
        return result
    }
}
