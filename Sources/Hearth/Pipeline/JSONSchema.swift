/// The text of `logfire.json_schema`: which attributes are arguments, and which of them hold JSON.
enum JSONSchema {
    static func append(_ attributes: [Attribute], to output: inout [UInt8]) {
        output.append(contentsOf: #"{"type":"object","properties":{"#.utf8)
        var isFirst = true
        for attribute in attributes {
            if !isFirst { output.append(UInt8(ascii: ",")) }
            isFirst = false
            JSONText.append(attribute.key, to: &output)
            let type: StaticString =
                switch attribute.value {
                case .array: #":{"type":"array"}"#
                case .object: #":{"type":"object"}"#
                case .null: #":{"type":"null"}"#
                case .string, .bool, .int, .double, .strings: ":{}"
                }
            type.withUTF8Buffer { output.append(contentsOf: $0) }
        }
        output.append(contentsOf: "}}".utf8)
    }
}
