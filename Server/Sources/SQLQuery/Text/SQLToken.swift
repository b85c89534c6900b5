/// A piece of SQL text, as bytes `start..<end` of the UTF-8 text.
struct SQLToken: Equatable {
    enum Kind: UInt8 {
        case whitespace, comment
        case identifier, quotedIdentifier
        /// Any literal in quotes or dollar quotes.
        case string
        case number
        /// `$1`, `$name`.
        case parameter
        /// `->` or `->>`.
        case arrow
        /// A question mark that stands alone: the key-exists operator, or a parameter.
        case question
        case operation
        /// `( ) [ ] { } , . ; :` and `::`, one token each.
        case punctuation
    }

    var kind: Kind
    var start: Int
    var end: Int

    /// Whether the token matters to the grammar.
    var isSignificant: Bool { kind != .whitespace && kind != .comment }
}
