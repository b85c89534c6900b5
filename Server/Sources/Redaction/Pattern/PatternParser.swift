/// Why a pattern cannot be used; the offset counts characters from the pattern's start.
public struct PatternError: Error, Sendable, Equatable, CustomStringConvertible {
    public var message: String
    public var offset: Int
    public var description: String { "\(message) (at character \(offset + 1))" }
}

/// Reads the usual regular-expression syntax without what needs backtracking: no look-around, no back-references.
struct PatternParser {
    private let scalars: [UInt32]
    private let ignoresCase: Bool
    private var at = 0
    private var depth = 0

    static func parse(_ pattern: String, ignoresCase: Bool) throws(PatternError) -> PatternNode {
        var parser = PatternParser(pattern, ignoresCase)
        let node = try parser.alternatives()
        if parser.at < parser.scalars.count { throw parser.error("a closing parenthesis has no opening one") }
        return node
    }

    private init(_ pattern: String, _ ignoresCase: Bool) {
        scalars = pattern.unicodeScalars.map(\.value)
        self.ignoresCase = ignoresCase
    }

    private func error(_ message: String) -> PatternError { PatternError(message: message, offset: min(at, scalars.count)) }

    private var next: UInt32? { at < scalars.count ? scalars[at] : nil }

    private mutating func take(_ character: Character) -> Bool {
        guard next == character.unicodeScalars.first?.value else { return false }
        at += 1
        return true
    }

    private mutating func alternatives() throws(PatternError) -> PatternNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= 50 else { throw error("groups are nested too deep") }
        var all = [try sequence()]
        while take("|") { all.append(try sequence()) }
        return all.count == 1 ? all[0] : .alternatives(all)
    }

    private mutating func sequence() throws(PatternError) -> PatternNode {
        var nodes: [PatternNode] = []
        while let character = next, character != 0x7c, character != 0x29 { nodes.append(try repeated(try atom())) }
        return nodes.isEmpty ? .empty : nodes.count == 1 ? nodes[0] : .sequence(nodes)
    }

    private mutating func repeated(_ atom: PatternNode) throws(PatternError) -> PatternNode {
        var node = atom
        var isRepeated = false
        while let character = next {
            let bounds: (Int, Int?)
            switch character {
            case 0x2a: bounds = (0, nil)
            case 0x2b: bounds = (1, nil)
            case 0x3f: bounds = (0, 1)
            case 0x7b:
                guard let found = try counts() else { return node }
                bounds = found
                at -= 1
            default: return node
            }
            at += 1
            if case .assertion = atom { throw error("an anchor cannot be repeated") }
            if isRepeated { throw error("a repetition follows a repetition") }
            isRepeated = true
            let isLazy = take("?")
            if !isLazy, take("+") { throw error("possessive repetition is not supported") }
            node = .repetition(node, minimum: bounds.0, maximum: bounds.1, isGreedy: !isLazy)
        }
        return node
    }

    /// `{n}`, `{n,}`, `{n,m}`; nil, and nothing read, when the brace stands for itself.
    private mutating func counts() throws(PatternError) -> (Int, Int?)? {
        let start = at
        at += 1
        guard let minimum = number() else {
            at = start
            return nil
        }
        var maximum: Int? = minimum
        if take(",") { maximum = number() }
        guard take("}") else { throw error("a repetition count is not closed") }
        guard minimum <= 1_000, maximum ?? 0 <= 1_000 else { throw error("a repetition count is above 1000") }
        if let maximum, maximum < minimum { throw error("a repetition count is upside down") }
        return (minimum, maximum)
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let digit = next, (0x30...0x39).contains(digit), value ?? 0 < 100_000 {
            value = (value ?? 0) * 10 + Int(digit - 0x30)
            at += 1
        }
        return value
    }

    private mutating func atom() throws(PatternError) -> PatternNode {
        let character = scalars[at]
        at += 1
        switch character {
        case 0x28: return try group()
        case 0x5b: return .set(try bracket())
        case 0x2e: return .set(.any)
        case 0x5e: return .assertion(.lineStart)
        case 0x24: return .assertion(.lineEnd)
        case 0x5c: return try escape()
        case 0x2a, 0x2b, 0x3f:
            at -= 1
            throw error("a repetition has nothing to repeat")
        default: return .set(single(character))
        }
    }

    private mutating func group() throws(PatternError) -> PatternNode {
        if take("?") {
            if take(":") {
                // A plain group.
            } else if take("P"), take("<") {
                try groupName()
            } else if take("<"), next != 0x3d, next != 0x21 {
                try groupName()
            } else {
                throw error("look-around and inline flags are not supported")
            }
        }
        let node = try alternatives()
        guard take(")") else { throw error("a group is not closed") }
        return node
    }

    private mutating func groupName() throws(PatternError) {
        while let character = next, ScalarSet.word.contains(character) { at += 1 }
        guard take(">") else { throw error("a group name is not closed") }
    }

    private func single(_ character: UInt32) -> ScalarSet {
        var set = ScalarSet(character)
        if ignoresCase { set.foldCase() }
        return set
    }

    private mutating func escape() throws(PatternError) -> PatternNode {
        guard let character = next else { throw error("a backslash ends the pattern") }
        at += 1
        switch character {
        case 0x62: return .assertion(.wordBoundary)
        case 0x42: return .assertion(.noWordBoundary)
        case 0x31...0x39:
            at -= 1
            throw error("back-references are not supported")
        default:
            if let set = Self.classEscape(character) { return .set(set) }
            return .set(single(try literalEscape(character)))
        }
    }

    private static func classEscape(_ character: UInt32) -> ScalarSet? {
        var set: ScalarSet
        switch character {
        case 0x64, 0x44: set = .digits
        case 0x77, 0x57: set = .word
        case 0x73, 0x53: set = .space
        default: return nil
        }
        if character < 0x60 { set.invert() }
        return set
    }

    private mutating func literalEscape(_ character: UInt32) throws(PatternError) -> UInt32 {
        switch character {
        case 0x6e: return 0x0a
        case 0x72: return 0x0d
        case 0x74: return 0x09
        case 0x66: return 0x0c
        case 0x76: return 0x0b
        case 0x78: return try hexadecimal(digits: 2)
        case 0x75: return try hexadecimal(digits: 4)
        default:
            if ScalarSet.word.contains(character), character != 0x5f {
                at -= 1
                throw error("this escape is not supported")
            }
            return character
        }
    }

    private mutating func hexadecimal(digits: Int) throws(PatternError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard let scalar = next.flatMap(Unicode.Scalar.init), let digit = Character(scalar).hexDigitValue else {
                throw error("\(digits) hexadecimal digits are expected")
            }
            value = value << 4 | UInt32(digit)
            at += 1
        }
        return value
    }

    private mutating func bracket() throws(PatternError) -> ScalarSet {
        var set = ScalarSet()
        let isInverted = take("^")
        var isFirst = true
        while true {
            guard let character = next else { throw error("a bracket is not closed") }
            at += 1
            if character == 0x5d, !isFirst { break }
            isFirst = false
            var lower = character
            if character == 0x5c {
                guard let escaped = next else { throw error("a bracket is not closed") }
                at += 1
                if let inner = Self.classEscape(escaped) {
                    set.formUnion(inner)
                    continue
                }
                lower = escaped == 0x62 ? 0x08 : try literalEscape(escaped)
            }
            guard next == 0x2d, at + 1 < scalars.count, scalars[at + 1] != 0x5d else {
                set.insert(lower...lower)
                continue
            }
            at += 1
            var upper = scalars[at]
            at += 1
            if upper == 0x5c {
                guard let escaped = next else { throw error("a bracket is not closed") }
                at += 1
                upper = try literalEscape(escaped)
            }
            guard lower <= upper else { throw error("a range is upside down") }
            set.insert(lower...upper)
        }
        if ignoresCase { set.foldCase() }
        if isInverted { set.invert() }
        return set
    }
}
