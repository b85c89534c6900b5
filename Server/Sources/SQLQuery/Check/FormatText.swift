/// Format texts can ask for results of any length (`{:>1000000000}`, `%*d`), so they must be constants with small numbers in them.
enum FormatText {
    /// Largest width or precision.
    static let maximumNumber = 256

    /// - Throws: ``QueryError`` when the first argument of the call is not a constant text with bounded widths.
    static func check(_ call: JSONValue) throws(QueryError) {
        guard let format = call.children.first?.stringConstant else {
            throw QueryError(
                code: .notAllowed,
                message: "the first argument of \(call.functionName ?? "format") must be a constant text",
                position: call.location
            )
        }
        var number = 0
        var depth = 0
        for character in format.utf8 {
            number = SQLLexer.isDigit(character) ? number * 10 + Int(character - 0x30) : 0
            if character == UInt8(ascii: "{") { depth += 1 }
            if character == UInt8(ascii: "}") { depth -= 1 }
            if number > maximumNumber || depth > 1 || character == UInt8(ascii: "*") {
                throw QueryError(
                    code: .notAllowed,
                    message: "widths in a format must be constants of at most \(maximumNumber)",
                    position: call.location
                )
            }
        }
    }
}
