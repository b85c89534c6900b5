/// Writes attribute values as JSON.
package enum JSONText {
    /// Deeper structures are cut off with `null`; only values made by hand can be that deep.
    static let maximumDepth = 64

    package static func bytes(of value: AttributeValue) -> [UInt8] {
        var output: [UInt8] = []
        append(value, to: &output)
        return output
    }

    static func append(_ value: AttributeValue, to output: inout [UInt8], depth: Int = 0) {
        switch value {
        case .string(let text): append(text, to: &output)
        case .bool(let flag): output.append(contentsOf: (flag ? "true" : "false").utf8)
        case .int(let number): output.append(contentsOf: String(number).utf8)
        case .double(let number):
            // JSON has no such numbers; their names as text are what readers of Python's output know.
            if number.isNaN {
                append("NaN", to: &output)
            } else if number.isInfinite {
                append(number < 0 ? "-Infinity" : "Infinity", to: &output)
            } else {
                output.append(contentsOf: number.description.utf8)
            }
        case .array(let values):
            list(values, UInt8(ascii: "["), UInt8(ascii: "]"), to: &output, depth: depth) { append($0, to: &$1, depth: depth + 1) }
        case .strings(let values):
            list(values, UInt8(ascii: "["), UInt8(ascii: "]"), to: &output, depth: depth) { append($0, to: &$1) }
        case .object(let members):
            list(members, UInt8(ascii: "{"), UInt8(ascii: "}"), to: &output, depth: depth) { member, output in
                append(member.key, to: &output)
                output.append(UInt8(ascii: ":"))
                append(member.value, to: &output, depth: depth + 1)
            }
        case .null: output.append(contentsOf: "null".utf8)
        }
    }

    /// Text in quotation marks.
    static func append(_ text: String, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                output.append(UInt8(ascii: "\\"))
                output.append(byte)
            case 0x0a: output.append(contentsOf: "\\n".utf8)
            case 0x0d: output.append(contentsOf: "\\r".utf8)
            case 0x09: output.append(contentsOf: "\\t".utf8)
            case 0..<0x20:
                output.append(contentsOf: "\\u00".utf8)
                for digit in [byte >> 4, byte & 0xf] { output.append(digit < 10 ? 0x30 + digit : 0x57 + digit) }
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }

    private static func list<Element>(
        _ elements: [Element],
        _ open: UInt8,
        _ close: UInt8,
        to output: inout [UInt8],
        depth: Int,
        _ write: (Element, inout [UInt8]) -> Void
    ) {
        guard depth < maximumDepth else {
            output.append(contentsOf: "null".utf8)
            return
        }
        output.append(open)
        var isFirst = true
        for element in elements {
            if !isFirst { output.append(UInt8(ascii: ",")) }
            isFirst = false
            write(element, &output)
        }
        output.append(close)
    }
}
