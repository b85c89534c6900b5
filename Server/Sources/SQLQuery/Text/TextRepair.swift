/// SQL text as the engine's parser should see it.
///
/// DuckDB 1.5.5 binds `->` and `->>` weaker than AND, OR, NOT, `=` and `||` (`storage.md` §5.1), so every chain of arrows is put
/// in parentheses. Forms of the PostgreSQL family that the parser does not know are rewritten on the way: the operator `?`,
/// lambdas with an arrow, `approx_percentile_cont … WITHIN GROUP`, trailing semicolons and Unicode spaces.
struct TextRepair {
    /// The text for the parser.
    private(set) var output: [UInt8] = []
    /// Leads back to the text that came in.
    private(set) var positions = PositionMap()

    /// Deepest nesting of brackets and CASE that is accepted.
    static let maximumDepth = 100

    private let text: [UInt8]
    /// Significant tokens.
    private var tokens: [SQLToken]
    /// For each opening bracket or CASE its end, and the other way round; -1 for other tokens.
    private var partner: [Int]
    private var before: [Int: String] = [:]
    private var after: [Int: String] = [:]
    private var replacement: [Int: String] = [:]
    /// Last token of a wrapped chain → its first token.
    private var chainStart: [Int: Int] = [:]

    /// Repairs one statement.
    ///
    /// - Throws: ``QueryError`` for text that cannot be lexed, unbalanced brackets, more than one statement and excessive nesting;
    ///   positions are byte offsets into `text`.
    init(_ text: [UInt8]) throws(QueryError) {
        self.text = text
        let all = try SQLLexer.tokens(of: text)
        tokens = all.filter(\.isSignificant)
        partner = Array(repeating: -1, count: tokens.count)
        try pairBrackets()
        try dropSemicolons()
        rename()
        scan()
        emit(all)
    }

    // MARK: Structure

    private func word(_ index: Int) -> String? {
        guard tokens.indices.contains(index), tokens[index].kind == .identifier else { return nil }
        return String(decoding: text[tokens[index].start..<tokens[index].end], as: UTF8.self).lowercased()
    }

    private func isPunctuation(_ index: Int, _ byte: Character) -> Bool {
        guard tokens.indices.contains(index), tokens[index].kind == .punctuation, tokens[index].end - tokens[index].start == 1 else {
            return false
        }
        return text[tokens[index].start] == byte.asciiValue
    }

    private func isCast(_ index: Int) -> Bool {
        tokens.indices.contains(index) && tokens[index].kind == .punctuation && tokens[index].end - tokens[index].start == 2
    }

    private func isMember(_ index: Int) -> Bool { isPunctuation(index - 1, ".") }

    private mutating func pairBrackets() throws(QueryError) {
        var open: [Int] = []
        func close(_ index: Int, with symbol: Character) throws(QueryError) -> Int {
            guard let start = open.popLast(), symbol == "c" ? word(start) == "case" : isPunctuation(start, symbol) else {
                let found = String(decoding: text[tokens[index].start..<tokens[index].end], as: UTF8.self)
                throw QueryError(code: .syntax, message: "\"\(found)\" has no counterpart", position: tokens[index].start)
            }
            return start
        }
        for index in tokens.indices {
            var start: Int?
            if isPunctuation(index, "(") || isPunctuation(index, "[") || isPunctuation(index, "{") {
                open.append(index)
            } else if isPunctuation(index, ")") {
                start = try close(index, with: "(")
            } else if isPunctuation(index, "]") {
                start = try close(index, with: "[")
            } else if isPunctuation(index, "}") {
                start = try close(index, with: "{")
            } else if let word = word(index), !isMember(index), !isAlias(index) {
                if word == "case" { open.append(index) }
                if word == "end", let last = open.last, self.word(last) == "case" { start = try close(index, with: "c") }
            }
            if let start {
                partner[start] = index
                partner[index] = start
            }
            if open.count > Self.maximumDepth {
                throw QueryError(
                    code: .tooComplex,
                    message: "brackets and CASE may be nested \(Self.maximumDepth) deep",
                    position: tokens[index].start
                )
            }
        }
        if let left = open.last {
            let found = String(decoding: text[tokens[left].start..<tokens[left].end], as: UTF8.self)
            throw QueryError(code: .syntax, message: "\"\(found)\" is not closed", position: tokens[left].start)
        }
    }

    /// `x AS case` names a column.
    private func isAlias(_ index: Int) -> Bool { word(index - 1) == "as" }

    private mutating func dropSemicolons() throws(QueryError) {
        while isPunctuation(tokens.count - 1, ";") {
            tokens.removeLast()
            partner.removeLast()
        }
        if let index = tokens.indices.first(where: { isPunctuation($0, ";") }) {
            throw QueryError(code: .notAllowed, message: "only one statement can be run at a time", position: tokens[index].start)
        }
    }

    // MARK: Words

    private static let integers: Set<String> = ["tinyint", "smallint", "int", "integer", "bigint"]

    /// `int unsigned`, `* EXCEPT (…)` and `LEFT SEMI JOIN` have other words in the engine.
    private mutating func rename() {
        for index in tokens.indices {
            switch word(index) {
            case "unsigned":
                guard let type = word(index - 1), Self.integers.contains(type), isCast(index - 2) || word(index - 2) == "as" else {
                    continue
                }
                replacement[index - 1] = type == "int" ? "uinteger" : "u" + type
                replacement[index] = ""
            case "except" where isPunctuation(index + 1, "("):
                // A star that is multiplied with stands after an operand; a set operation continues with a query.
                let before = index - 2
                let startsItem = isPunctuation(before, ",") || isPunctuation(before, ".") || ["select", "distinct"].contains(word(before))
                guard isStar(index - 1), startsItem, !["select", "with", "values", "from"].contains(word(index + 2)) else { continue }
                replacement[index] = "exclude"
            case "semi", "anti":
                if word(index - 1) == "left", word(index + 1) == "join" { replacement[index - 1] = "" }
            default: continue
            }
        }
    }

    private func isStar(_ index: Int) -> Bool {
        tokens.indices.contains(index) && tokens[index].end - tokens[index].start == 1 && text[tokens[index].start] == UInt8(ascii: "*")
    }

    // MARK: Chains

    /// One pass that knows at each token where the operand that ends there began.
    private mutating func scan() {
        /// First token of the operand that ends at the previous token; nil after an operator or keyword.
        var last: Int?
        /// The operand that a type after `::` or a window after OVER belongs to.
        var pending: Int?
        /// What stands open brackets: the operand each bracket will be part of.
        var attached: [Int?] = []
        for index in tokens.indices {
            switch tokens[index].kind {
            case .arrow: last = arrow(at: index, after: last)
            case .question: last = question(at: index, after: last)
            case .operation: last = nil
            case .string:
                // `INTERVAL '1 day'`, `JSON '{}'`: the type's name belongs to the literal.
                let typed = index > 0 && tokens[index - 1].kind == .identifier && last == index - 1
                last = typed ? last : index
            case .number, .parameter, .quotedIdentifier: last = isMember(index) ? last ?? index : index
            case .identifier:
                if isMember(index) {
                    last = last ?? index
                } else if partner[index] > index {
                    attached.append(index)
                    last = nil
                } else if partner[index] >= 0 {
                    last = attached.popLast() ?? index
                } else if let operand = pending, isTypeWord(index) {
                    last = operand
                } else if let operand = last, SQLKeyword.suffixes.contains(word(index) ?? "") {
                    pending = operand
                    if word(index) == "within" { renameOrderedAggregate(at: operand) }
                    last = nil
                    continue
                } else if pending != nil, word(index) == "group", word(index - 1) == "within" {
                    continue
                } else if SQLKeyword.reserved.contains(word(index) ?? "") {
                    last = nil
                } else {
                    last = pending ?? index
                }
            case .punctuation:
                if isCast(index) {
                    pending = last
                    last = nil
                    continue
                } else if isPunctuation(index, ".") {
                    continue
                } else if partner[index] > index {
                    attached.append(isPunctuation(index, "(") ? pending ?? callee(before: index, last) : last ?? index)
                    last = nil
                } else if partner[index] >= 0 {
                    last = attached.popLast() ?? partner[index]
                } else {
                    last = nil
                }
            case .whitespace, .comment: break
            }
            if !(index + 1 < tokens.count && pending != nil && isTypeWord(index + 1)) { pending = nil }
            if let start = chainStart[index] { last = start }
        }
    }

    /// The operand that a parenthesis at `index` continues: a call's name, or only the parenthesis itself.
    private func callee(before index: Int, _ last: Int?) -> Int {
        guard let last, tokens[index - 1].kind == .identifier || tokens[index - 1].kind == .quotedIdentifier else { return index }
        return last
    }

    /// Second and later words of type names: `double precision`, `timestamp with time zone`.
    private func isTypeWord(_ index: Int) -> Bool {
        guard let word = word(index), let previous = self.word(index - 1) else { return false }
        return switch (previous, word) {
        case ("double", "precision"), ("character", "varying"), ("time", "with"), ("timestamp", "with"), ("time", "without"),
            ("timestamp", "without"), ("with", "time"), ("without", "time"), ("time", "zone"):
            true
        case (let type, "unsigned"): Self.integers.contains(type)
        default: false
        }
    }

    /// Wraps `last -> operand`. Returns nil: the operand follows.
    private mutating func arrow(at index: Int, after last: Int?) -> Int? {
        guard let start = last, index + 1 < tokens.count else { return nil }
        if lambda(at: index, parameters: start) { return nil }
        wrap(from: start, operator: index, opening: "(", operand: index + 1)
        return nil
    }

    /// Turns `last ? operand` into a call. Without an operand before it, it is a parameter and stays.
    private mutating func question(at index: Int, after last: Int?) -> Int? {
        guard let start = last, index + 1 < tokens.count else { return index }
        // A key that starts like a path has to be compared as it is.
        let operand = tokens[index + 1]
        let first = operand.end - operand.start > 2 ? text[operand.start + 1] : 0
        let isPath = operand.kind != .string || first == UInt8(ascii: "$") || first == UInt8(ascii: "/")
        wrap(from: start, operator: index, opening: isPath ? "list_contains(json_keys(" : "json_exists(", operand: index + 1)
        replacement[index] = isPath ? ")," : ","
        return nil
    }

    private mutating func wrap(from start: Int, operator index: Int, opening: String, operand: Int) {
        let end = operandEnd(from: operand)
        // A later chain over the same start encloses the earlier one.
        before[start] = opening + (before[start] ?? "")
        if tokens[operand].kind == .operation {
            before[operand] = (before[operand] ?? "") + "("
            after[end] = (after[end] ?? "") + ")"
        }
        after[end] = (after[end] ?? "") + ")"
        chainStart[end] = start
    }

    /// Last token of the operand that starts at `index`: a literal, a possibly signed number, a path, a call, or a bracket.
    private func operandEnd(from index: Int) -> Int {
        var end = index
        if tokens[end].kind == .operation, end + 1 < tokens.count { end += 1 }
        if partner[end] > end { return partner[end] }
        guard tokens[end].kind == .identifier || tokens[end].kind == .quotedIdentifier else { return end }
        while true {
            if isPunctuation(end + 1, "."), end + 2 < tokens.count {
                end += 2
            } else if isPunctuation(end + 1, "(") || isPunctuation(end + 1, "[") {
                end = partner[end + 1]
            } else if tokens.indices.contains(end + 1), tokens[end + 1].kind == .string, end == index {
                end += 1
            } else {
                return end
            }
        }
    }

    // MARK: Lambdas and ordered aggregates

    /// Rewrites `x -> body` and `(x, y) -> body` in the second argument of a list function to `lambda x: body`.
    private mutating func lambda(at index: Int, parameters start: Int) -> Bool {
        let isList = isPunctuation(start, "(") && partner[start] == index - 1
        guard isList || start == index - 1, isPunctuation(start - 1, ","), tokens[index].end - tokens[index].start == 2 else {
            return false
        }
        guard let call = enclosingCall(of: start), SQLKeyword.lambdaFunctions.contains(call) else { return false }
        if isList {
            replacement[start] = "lambda "
            replacement[index - 1] = ""
        } else {
            before[start] = "lambda " + (before[start] ?? "")
        }
        replacement[index] = ":"
        return true
    }

    /// Name of the function whose argument list directly holds the token at `index`.
    private func enclosingCall(of index: Int) -> String? {
        var at = index - 1
        while at >= 0 {
            if partner[at] >= 0 {
                if partner[at] > at { return isPunctuation(at, "(") ? word(at - 1) : nil }
                at = partner[at]
            }
            at -= 1
        }
        return nil
    }

    /// The parser knows ordered aggregates by name only; `percentile_cont` has the arguments of `approx_percentile_cont`, and is exact.
    private mutating func renameOrderedAggregate(at start: Int?) {
        guard let start, word(start) == "approx_percentile_cont" else { return }
        replacement[start] = "percentile_cont"
    }

    // MARK: Output

    private mutating func emit(_ all: [SQLToken]) {
        output.reserveCapacity(text.count + 64)
        var index = 0
        for token in all {
            guard token.isSignificant else {
                if token.kind == .whitespace, text[token.start..<token.end].contains(where: { $0 >= 0x80 }) {
                    output.append(0x20)
                } else {
                    copy(token)
                }
                continue
            }
            guard index < tokens.count else { break }
            output.append(contentsOf: (before[index] ?? "").utf8)
            if let text = replacement[index] {
                positions.add(output: output.count, input: token.start, length: 0)
                output.append(contentsOf: text.utf8)
            } else {
                copy(token)
            }
            output.append(contentsOf: (after[index] ?? "").utf8)
            index += 1
        }
    }

    private mutating func copy(_ token: SQLToken) {
        positions.add(output: output.count, input: token.start, length: token.end - token.start)
        output.append(contentsOf: text[token.start..<token.end])
    }
}
