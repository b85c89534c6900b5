/// Finds values in JSON text without building a tree and without allocating.
///
/// Lazy: what is not asked for is stepped over by its brackets and quotes alone, so malformed text is noticed only where it is read,
/// and gives nil there. Never reads outside the buffer; nesting beyond ``maximumDepth`` counts as malformed.
package struct JSONCursor {
    /// Containers inside containers.
    static let maximumDepth = 64

    package enum Kind: UInt8 {
        case object, array, string, number, `true`, `false`, null
    }

    /// A value and the bytes it spans, with its quotes or brackets.
    package struct Value {
        package var kind: Kind
        package var range: Range<Int>
    }

    let bytes: UnsafeBufferPointer<UInt8>

    package init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// The value the text starts with. The end of an object or array is not looked for: its members or elements are read as far as
    /// they are asked for.
    package var root: Value? {
        let start = skipSpace(0)
        guard start < bytes.count else { return nil }
        switch bytes[start] {
        case UInt8(ascii: "{"): return Value(kind: .object, range: start..<bytes.count)
        case UInt8(ascii: "["): return Value(kind: .array, range: start..<bytes.count)
        default: return value(at: start)
        }
    }

    /// The value of member `name` of an object; of several members of that name the first.
    package func member(_ name: StaticString, of object: Value) -> Value? {
        guard object.kind == .object else { return nil }
        var members = Members(self, object)
        while let member = members.next() {
            if equals(member.name, name) { return member.value }
        }
        return nil
    }

    /// The value at a path of member names; `0` names the first element of an array.
    func find(_ path: [StaticString], in value: Value) -> Value? {
        var current = value
        for name in path {
            if current.kind == .array, name.utf8CodeUnitCount == 1, name.utf8Start[0] == UInt8(ascii: "0") {
                var elements = elements(of: current)
                guard let first = elements.next() else { return nil }
                current = first
                continue
            }
            guard let next = member(name, of: current) else { return nil }
            current = next
        }
        return current
    }

    /// The elements of an array; none for other values. Stops at what is malformed.
    package func elements(of array: Value) -> Elements { Elements(self, array) }

    /// The members of an object; none for other values. Stops at what is malformed.
    func members(of object: Value) -> Members { Members(self, object) }

    /// Whether a string's text is `text`.
    package func equals(_ string: Value, _ text: StaticString) -> Bool {
        guard string.kind == .string else { return false }
        let content = content(of: string)
        let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        if content.elementsEqual(wanted) { return true }
        guard content.contains(UInt8(ascii: "\\")) else { return false }
        var unescaped: [UInt8] = []
        return JSONText.unescape(content, into: &unescaped) && unescaped.elementsEqual(wanted)
    }

    /// The bytes between a string's quotes, escapes as they stand.
    package func content(of string: Value) -> UnsafeBufferPointer<UInt8> {
        guard string.kind == .string else { return UnsafeBufferPointer(rebasing: bytes[0..<0]) }
        return UnsafeBufferPointer(rebasing: bytes[(string.range.lowerBound + 1)..<(string.range.upperBound - 1)])
    }

    /// A number without fraction that fits; nil for everything else.
    func integer(_ number: Value) -> Int64? {
        guard number.kind == .number else { return nil }
        let digits = UnsafeBufferPointer(rebasing: bytes[number.range])
        return JSONText.integer(digits) ?? JSONText.double(digits).flatMap { Int64(exactly: $0) }
    }

    /// A finite number; nil for everything else.
    func double(_ number: Value) -> Double? {
        number.kind == .number ? JSONText.double(UnsafeBufferPointer(rebasing: bytes[number.range])) : nil
    }
}

// MARK: - Stepping

extension JSONCursor {
    package struct Elements {
        private let cursor: JSONCursor
        /// Where the next element or the comma before it stands; negative at the end.
        private var position: Int
        private var isFirst = true
        /// Whether the elements ended with the array and the array with the text.
        private(set) var isComplete = false

        init(_ cursor: JSONCursor, _ array: Value) {
            self.cursor = cursor
            position = array.kind == .array ? array.range.lowerBound + 1 : -1
        }

        package mutating func next() -> Value? {
            guard position >= 0, let start = cursor.itemStart(position, closing: UInt8(ascii: "]"), isFirst: isFirst),
                let value = cursor.value(at: start)
            else {
                if position >= 0 { isComplete = cursor.isLast(UInt8(ascii: "]"), at: position) }
                position = -1
                return nil
            }
            isFirst = false
            position = value.range.upperBound
            return value
        }
    }

    struct Members {
        private let cursor: JSONCursor
        private var position: Int
        private var isFirst = true

        init(_ cursor: JSONCursor, _ object: Value) {
            self.cursor = cursor
            position = object.kind == .object ? object.range.lowerBound + 1 : -1
        }

        mutating func next() -> (name: Value, value: Value)? {
            guard position >= 0, let start = cursor.itemStart(position, closing: UInt8(ascii: "}"), isFirst: isFirst),
                let name = cursor.value(at: start), name.kind == .string
            else {
                position = -1
                return nil
            }
            let colon = cursor.skipSpace(name.range.upperBound)
            guard colon < cursor.bytes.count, cursor.bytes[colon] == UInt8(ascii: ":"), let value = cursor.value(at: colon + 1) else {
                position = -1
                return nil
            }
            isFirst = false
            position = value.range.upperBound
            return (name, value)
        }
    }

    /// Where the next item of a container starts; nil at its end and where no comma parts the items.
    private func itemStart(_ position: Int, closing: UInt8, isFirst: Bool) -> Int? {
        let index = skipSpace(position)
        guard index < bytes.count, bytes[index] != closing else { return nil }
        if isFirst { return index }
        return bytes[index] == UInt8(ascii: ",") ? index + 1 : nil
    }

    /// Whether `closing` is all that follows at `position`.
    private func isLast(_ closing: UInt8, at position: Int) -> Bool {
        let index = skipSpace(position)
        return index < bytes.count && bytes[index] == closing && skipSpace(index + 1) == bytes.count
    }

    private func skipSpace(_ position: Int) -> Int {
        var index = position
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09, 0x0a, 0x0d: index += 1
            default: return index
            }
        }
        return index
    }

    /// The end of the value at `position` when it is well-formed in all its depth, else nil.
    func checked(_ position: Int, depth: Int) -> Int? {
        guard depth < Self.maximumDepth, let value = value(at: position) else { return nil }
        switch value.kind {
        case .object:
            var members = members(of: value)
            var end = value.range.lowerBound + 1
            while let member = members.next() {
                guard let next = checked(member.value.range.lowerBound, depth: depth + 1) else { return nil }
                end = next
            }
            return closes(UInt8(ascii: "}"), end, value)
        case .array:
            var elements = elements(of: value)
            var end = value.range.lowerBound + 1
            while let element = elements.next() {
                guard let next = checked(element.range.lowerBound, depth: depth + 1) else { return nil }
                end = next
            }
            return closes(UInt8(ascii: "]"), end, value)
        case .number: return double(value) == nil ? nil : value.range.upperBound
        case .string:
            var text: [UInt8] = []
            return JSONText.unescape(content(of: value), into: &text) ? value.range.upperBound : nil
        case .true, .false, .null: return value.range.upperBound
        }
    }

    /// The end of `container` when nothing but its closing bracket follows its last item.
    private func closes(_ bracket: UInt8, _ end: Int, _ container: Value) -> Int? {
        let index = skipSpace(end)
        return index < bytes.count && bytes[index] == bracket && index + 1 == container.range.upperBound ? index + 1 : nil
    }

    /// The value that starts at `position` or after the space there.
    private func value(at position: Int) -> Value? {
        let start = skipSpace(position)
        guard start < bytes.count else { return nil }
        switch bytes[start] {
        case UInt8(ascii: "{"): return container(.object, start)
        case UInt8(ascii: "["): return container(.array, start)
        case UInt8(ascii: "\""): return endOfString(start).map { Value(kind: .string, range: start..<$0) }
        case UInt8(ascii: "t"): return literal(.true, "true", start)
        case UInt8(ascii: "f"): return literal(.false, "false", start)
        case UInt8(ascii: "n"): return literal(.null, "null", start)
        default: return number(start)
        }
    }

    private func literal(_ kind: Kind, _ text: StaticString, _ start: Int) -> Value? {
        let end = start + text.utf8CodeUnitCount
        guard end <= bytes.count else { return nil }
        for index in start..<end where bytes[index] != text.utf8Start[index - start] { return nil }
        return isBoundary(end) ? Value(kind: kind, range: start..<end) : nil
    }

    private func number(_ start: Int) -> Value? {
        var end = start
        while end < bytes.count, JSONText.isPartOfNumber(bytes[end]) { end += 1 }
        return end > start && isBoundary(end) ? Value(kind: .number, range: start..<end) : nil
    }

    /// Whether a number or literal may end before `position`.
    private func isBoundary(_ position: Int) -> Bool {
        guard position < bytes.count else { return true }
        switch bytes[position] {
        case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), 0x20, 0x09, 0x0a, 0x0d: return true
        default: return false
        }
    }

    /// Steps over a container by its quotes and brackets, which must match.
    private func container(_ kind: Kind, _ start: Int) -> Value? {
        // One bit a level tells which bracket closes it.
        var objects: UInt64 = 0
        var depth = 0
        var index = start
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                guard let end = endOfString(index) else { return nil }
                index = end
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                guard depth < Self.maximumDepth else { return nil }
                objects = objects << 1 | (bytes[index] == UInt8(ascii: "{") ? 1 : 0)
                depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard (objects & 1 == 1) == (bytes[index] == UInt8(ascii: "}")) else { return nil }
                objects >>= 1
                depth -= 1
                if depth == 0 { return Value(kind: kind, range: start..<(index + 1)) }
            default: break
            }
            index += 1
        }
        return nil
    }

    /// The index after the closing quote of the string that opens at `start`.
    private func endOfString(_ start: Int) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        let ones: UInt64 = 0x0101_0101_0101_0101
        var index = start + 1
        while index < bytes.count {
            // Eight bytes at a time while there is neither quote nor backslash (zero-byte test on the exclusive or).
            if index + 8 <= bytes.count {
                let word = UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self).littleEndian
                let quotes = word ^ (ones &* 0x22)
                let slashes = word ^ (ones &* 0x5c)
                let hits = (((quotes &- ones) & ~quotes) | ((slashes &- ones) & ~slashes)) & (ones &* 0x80)
                if hits == 0 {
                    index += 8
                    continue
                }
                index += hits.trailingZeroBitCount >> 3
            }
            switch bytes[index] {
            case UInt8(ascii: "\""): return index + 1
            case UInt8(ascii: "\\"): index += 2
            default: index += 1
            }
        }
        return nil
    }
}
