/// Walks through JSON text: reads values, steps over them, and tells where they stand.
struct JSONScanner {
    /// Containers inside containers.
    static let maximumDepth = 64

    private let bytes: UnsafeBufferPointer<UInt8>
    private(set) var position: Int
    private var depth = 0

    /// - Parameter bytes: must outlive the scanner.
    init(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    // MARK: Containers

    /// Calls `body` with the name of each member of the object that follows; `body` reads or skips the value.
    mutating func members(_ body: (String, inout JSONScanner) throws(PriceDataError) -> Void) throws(PriceDataError) {
        try open(UInt8(ascii: "{"), "an object")
        defer { depth -= 1 }
        if take(UInt8(ascii: "}")) { return }
        repeat {
            skipSpace()
            let name = try string()
            guard take(UInt8(ascii: ":")) else { throw .malformed("expected :", at: position) }
            try body(name, &self)
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw .malformed("expected , or }", at: position) }
    }

    /// Calls `body` with the number of each element of the array that follows; `body` reads or skips the value.
    mutating func elements(_ body: (Int, inout JSONScanner) throws(PriceDataError) -> Void) throws(PriceDataError) {
        try open(UInt8(ascii: "["), "an array")
        defer { depth -= 1 }
        if take(UInt8(ascii: "]")) { return }
        var index = 0
        repeat {
            try body(index, &self)
            index += 1
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw .malformed("expected , or ]", at: position) }
    }

    private mutating func open(_ bracket: UInt8, _ name: String) throws(PriceDataError) {
        guard take(bracket) else { throw .malformed("expected \(name)", at: position) }
        depth += 1
        guard depth <= Self.maximumDepth else { throw .malformed("nested too deeply", at: position) }
    }

    // MARK: Values

    /// Reads the value that follows.
    mutating func value() throws(PriceDataError) -> JSONValue {
        skipSpace()
        guard position < bytes.count else { throw .malformed("the text ends early", at: position) }
        switch bytes[position] {
        case UInt8(ascii: "{"):
            var members: [JSONValue.Member] = []
            try self.members { (name, scanner) throws(PriceDataError) in members.append(.init(name, try scanner.value())) }
            return .object(members)
        case UInt8(ascii: "["):
            var elements: [JSONValue] = []
            try self.elements { (_, scanner) throws(PriceDataError) in elements.append(try scanner.value()) }
            return .array(elements)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"):
            try word("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try word("false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try word("null")
            return .null
        default:
            let start = position
            try number()
            return .number(String(decoding: bytes[start..<position], as: UTF8.self))
        }
    }

    /// Steps over the value that follows, checking its form.
    ///
    /// - Returns: where it stands.
    @discardableResult
    mutating func skip() throws(PriceDataError) -> Range<Int> {
        skipSpace()
        let start = position
        guard position < bytes.count else { throw .malformed("the text ends early", at: position) }
        switch bytes[position] {
        case UInt8(ascii: "{"):
            try open(UInt8(ascii: "{"), "an object")
            defer { depth -= 1 }
            if !take(UInt8(ascii: "}")) {
                repeat {
                    skipSpace()
                    try skipString()
                    guard take(UInt8(ascii: ":")) else { throw .malformed("expected :", at: position) }
                    try skip()
                } while take(UInt8(ascii: ","))
                guard take(UInt8(ascii: "}")) else { throw .malformed("expected , or }", at: position) }
            }
        case UInt8(ascii: "["): try elements { (_, scanner) throws(PriceDataError) in try scanner.skip() }
        case UInt8(ascii: "\""): try skipString()
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        default: try number()
        }
        return start..<position
    }

    /// Makes sure that nothing but white space is left.
    mutating func end() throws(PriceDataError) {
        skipSpace()
        guard position == bytes.count else { throw .malformed("something follows the value", at: position) }
    }

    // MARK: Pieces

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func word(_ word: StaticString) throws(PriceDataError) {
        let wanted = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard bytes[position...].starts(with: wanted) else { throw .malformed("expected \(word)", at: position) }
        position += wanted.count
    }

    private mutating func digits() -> Int {
        let start = position
        while position < bytes.count, bytes[position] >= 0x30, bytes[position] <= 0x39 { position += 1 }
        return position - start
    }

    private mutating func number() throws(PriceDataError) {
        if position < bytes.count, bytes[position] == UInt8(ascii: "-") { position += 1 }
        guard digits() > 0 else { throw .malformed("expected a value", at: position) }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            guard digits() > 0 else { throw .malformed("expected a digit", at: position) }
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") { position += 1 }
            guard digits() > 0 else { throw .malformed("expected a digit", at: position) }
        }
    }

    /// Steps over a string.
    ///
    /// - Returns: whether it has escapes.
    @discardableResult
    private mutating func skipString() throws(PriceDataError) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { throw .malformed("expected a string", at: position) }
        position += 1
        var isEscaped = false
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return isEscaped
            case UInt8(ascii: "\\"):
                isEscaped = true
                position += 2
            case ..<0x20: throw .malformed("a control character in a string", at: position)
            default: position += 1
            }
        }
        throw .malformed("a string without an end", at: bytes.count)
    }

    private mutating func string() throws(PriceDataError) -> String {
        let start = position + 1
        let isEscaped = try skipString()
        let content = bytes[start..<(position - 1)]
        return isEscaped ? try unescaped(content) : String(decoding: content, as: UTF8.self)
    }

    private func unescaped(_ content: Slice<UnsafeBufferPointer<UInt8>>) throws(PriceDataError) -> String {
        var text: [UInt8] = []
        var index = content.startIndex
        while index < content.endIndex {
            let byte = content[index]
            guard byte == UInt8(ascii: "\\") else {
                text.append(byte)
                index += 1
                continue
            }
            switch content[index + 1] {
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "u"):
                guard var code = hex(content, index + 2) else { throw .malformed("a broken escape", at: index) }
                index += 4
                if 0xD800..<0xDC00 ~= code, index + 3 < content.endIndex, content[index + 2] == UInt8(ascii: "\\"),
                    content[index + 3] == UInt8(ascii: "u"), let low = hex(content, index + 4), 0xDC00..<0xE000 ~= low
                {
                    code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
                    index += 6
                }
                text.append(contentsOf: String(Unicode.Scalar(code) ?? "\u{FFFD}").utf8)
            case let other where other == UInt8(ascii: "\"") || other == UInt8(ascii: "\\") || other == UInt8(ascii: "/"):
                text.append(other)
            default: throw .malformed("an unknown escape", at: index)
            }
            index += 2
        }
        return String(decoding: text, as: UTF8.self)
    }

    private func hex(_ content: Slice<UnsafeBufferPointer<UInt8>>, _ start: Int) -> UInt32? {
        guard start + 4 <= content.endIndex else { return nil }
        var value: UInt32 = 0
        for index in start..<(start + 4) {
            guard let digit = Character(Unicode.Scalar(content[index])).hexDigitValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}
