/// Splits SQL text into tokens by the engine's lexical rules. Every byte belongs to exactly one token.
struct SQLLexer {
    private let text: [UInt8]
    private var position = 0
    private var tokens: [SQLToken] = []

    /// - Throws: ``QueryError`` with code `syntax` for a literal, quoted name or comment that does not end, and for control characters.
    ///   Positions in it are byte offsets into `text`.
    static func tokens(of text: [UInt8]) throws(QueryError) -> [SQLToken] {
        var lexer = SQLLexer(text: text)
        try lexer.run()
        return lexer.tokens
    }

    private init(text: [UInt8]) {
        self.text = text
        tokens.reserveCapacity(text.count / 3)
    }

    private func byte(_ offset: Int = 0) -> UInt8 {
        let index = position + offset
        return index < text.count ? text[index] : 0
    }

    private mutating func add(_ kind: SQLToken.Kind, from start: Int) {
        tokens.append(SQLToken(kind: kind, start: start, end: position))
    }

    private mutating func run() throws(QueryError) {
        while position < text.count {
            let start = position
            let first = text[position]
            if let width = whitespaceWidth() {
                position += width
                while position < text.count, let width = whitespaceWidth() { position += width }
                add(.whitespace, from: start)
            } else if first == UInt8(ascii: "-"), byte(1) == first {
                while position < text.count, text[position] != 0x0a, text[position] != 0x0d { position += 1 }
                add(.comment, from: start)
            } else if first == UInt8(ascii: "/"), byte(1) == UInt8(ascii: "*") {
                try blockComment()
                add(.comment, from: start)
            } else if first == UInt8(ascii: "'") {
                try quoted(by: first, backslash: false, what: "string")
                add(.string, from: start)
            } else if first == UInt8(ascii: "\"") {
                try quoted(by: first, backslash: false, what: "quoted name")
                add(.quotedIdentifier, from: start)
            } else if Self.isDigit(first) || (first == UInt8(ascii: ".") && Self.isDigit(byte(1))) {
                number()
                add(.number, from: start)
            } else if first == UInt8(ascii: "$") {
                try dollar(from: start)
            } else if Self.isIdentifierStart(first) {
                try word(from: start)
            } else if Self.isOperator(first) {
                operation(from: start)
            } else if Self.isPunctuation(first) {
                position += first == UInt8(ascii: ":") && byte(1) == first ? 2 : 1
                add(.punctuation, from: start)
            } else {
                throw QueryError(code: .syntax, message: "the character with code \(first) has no meaning in SQL", position: start)
            }
        }
    }

    // MARK: Kinds of tokens

    /// Bytes of the white space here, if any. The engine also takes the Unicode spaces for white space.
    private func whitespaceWidth() -> Int? {
        switch text[position] {
        case 0x20, 0x09...0x0d: return 1
        case 0xc2: return byte(1) == 0xa0 ? 2 : nil
        case 0xe2:
            let pair = (byte(1), byte(2))
            return switch pair {
            case (0x80, 0x80...0x8d), (0x80, 0xaf), (0x81, 0x9f), (0x81, 0xa0): 3
            default: nil
            }
        case 0xe3: return byte(1) == 0x80 && byte(2) == 0x80 ? 3 : nil
        case 0xef: return byte(1) == 0xbb && byte(2) == 0xbf ? 3 : nil
        default: return nil
        }
    }

    /// Block comments nest, as in PostgreSQL.
    private mutating func blockComment() throws(QueryError) {
        let start = position
        var depth = 0
        repeat {
            if byte() == UInt8(ascii: "/"), byte(1) == UInt8(ascii: "*") {
                depth += 1
                position += 2
            } else if byte() == UInt8(ascii: "*"), byte(1) == UInt8(ascii: "/") {
                depth -= 1
                position += 2
            } else {
                position += 1
            }
            if depth > 0, position >= text.count { throw QueryError(code: .syntax, message: "unterminated /* comment", position: start) }
        } while depth > 0
    }

    /// Reads from the opening quote to the closing one; a doubled quote stands for itself.
    private mutating func quoted(by quote: UInt8, backslash: Bool, what: String) throws(QueryError) {
        let start = position
        position += 1
        while position < text.count {
            if backslash, text[position] == UInt8(ascii: "\\") {
                position += 2
            } else if text[position] != quote {
                position += 1
            } else if byte(1) == quote {
                position += 2
            } else {
                position += 1
                return
            }
        }
        position = text.count
        throw QueryError(code: .syntax, message: "unterminated \(what)", position: start)
    }

    private mutating func number() {
        if byte() == UInt8(ascii: "0"), byte(1) | 0x20 == UInt8(ascii: "x") || byte(1) | 0x20 == UInt8(ascii: "b") {
            position += 2
            while Self.isHexDigit(byte()) || byte() == UInt8(ascii: "_") { position += 1 }
            return
        }
        digits()
        if byte() == UInt8(ascii: "."), byte(1) != UInt8(ascii: ".") {
            position += 1
            digits()
        }
        if byte() | 0x20 == UInt8(ascii: "e") {
            let sign = byte(1) == UInt8(ascii: "+") || byte(1) == UInt8(ascii: "-") ? 1 : 0
            if Self.isDigit(byte(1 + sign)) {
                position += 1 + sign
                digits()
            }
        }
    }

    private mutating func digits() {
        while Self.isDigit(byte()) || (byte() == UInt8(ascii: "_") && Self.isDigit(byte(1))) { position += 1 }
    }

    /// A dollar-quoted string `$tag$…$tag$`, or a parameter `$1`, `$name`.
    private mutating func dollar(from start: Int) throws(QueryError) {
        var end = position + 1
        while end < text.count, Self.isIdentifierPart(text[end]), text[end] != UInt8(ascii: "$") { end += 1 }
        let isTag = end < text.count && text[end] == UInt8(ascii: "$") && !Self.isDigit(byte(1))
        guard isTag else {
            position = end
            return add(.parameter, from: start)
        }
        let tag = text[start...end]
        position = end + 1
        while position < text.count {
            if text[position] == UInt8(ascii: "$"), text[position...].starts(with: tag) {
                position += tag.count
                return add(.string, from: start)
            }
            position += 1
        }
        throw QueryError(code: .syntax, message: "unterminated dollar-quoted string", position: start)
    }

    /// A name or keyword, or a literal with a letter before its quote (`E'…'`, `X'…'`, `B'…'`, `N'…'`, `U&'…'`).
    private mutating func word(from start: Int) throws(QueryError) {
        let letter = byte() | 0x20
        if byte(1) == UInt8(ascii: "'"), [UInt8(ascii: "e"), UInt8(ascii: "x"), UInt8(ascii: "b"), UInt8(ascii: "n")].contains(letter) {
            position += 1
            try quoted(by: UInt8(ascii: "'"), backslash: letter == UInt8(ascii: "e"), what: "string")
            return add(.string, from: start)
        }
        if letter == UInt8(ascii: "u"), byte(1) == UInt8(ascii: "&"), byte(2) == UInt8(ascii: "'") || byte(2) == UInt8(ascii: "\"") {
            let isName = byte(2) == UInt8(ascii: "\"")
            position += 2
            try quoted(by: byte(), backslash: false, what: "string")
            return add(isName ? .quotedIdentifier : .string, from: start)
        }
        while Self.isIdentifierPart(byte()), position < text.count, whitespaceWidth() == nil { position += 1 }
        add(.identifier, from: start)
    }

    /// A run of operator characters. An arrow at its start is a token of its own, whatever follows without a space (`->-1`).
    private mutating func operation(from start: Int) {
        if byte() == UInt8(ascii: "-"), byte(1) == UInt8(ascii: ">") {
            position += byte(2) == UInt8(ascii: ">") ? 3 : 2
            return add(.arrow, from: start)
        }
        while Self.isOperator(byte()) {
            let startsComment =
                (byte() == UInt8(ascii: "-") && byte(1) == byte()) || (byte() == UInt8(ascii: "/") && byte(1) == UInt8(ascii: "*"))
            if startsComment, position > start { break }
            position += 1
        }
        let isQuestion = position - start == 1 && text[start] == UInt8(ascii: "?")
        add(isQuestion ? .question : .operation, from: start)
    }

    // MARK: Character classes

    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isHexDigit(_ byte: UInt8) -> Bool { isDigit(byte) || (0x61...0x66).contains(byte | 0x20) }

    static func isIdentifierStart(_ byte: UInt8) -> Bool {
        (0x61...0x7a).contains(byte | 0x20) || byte == UInt8(ascii: "_") || byte >= 0x80
    }

    static func isIdentifierPart(_ byte: UInt8) -> Bool { isIdentifierStart(byte) || isDigit(byte) || byte == UInt8(ascii: "$") }

    private static func isPunctuation(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"),
            UInt8(ascii: ","), UInt8(ascii: "."), UInt8(ascii: ";"), UInt8(ascii: ":"):
            true
        default: false
        }
    }

    private static func isOperator(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "/"), UInt8(ascii: "<"), UInt8(ascii: ">"),
            UInt8(ascii: "="),
            UInt8(ascii: "~"), UInt8(ascii: "!"), UInt8(ascii: "@"), UInt8(ascii: "#"), UInt8(ascii: "%"), UInt8(ascii: "^"),
            UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: "`"), UInt8(ascii: "?"):
            true
        default: false
        }
    }
}
