public import TelemetryModel

/// Takes the attributes of a stored record out of their JSON object again.
public enum StoredAttributes {
    /// Appends the members of the object `json` to the batch's attributes. Texts refer to `json` where nothing in them is escaped.
    public static func append(_ json: TextRef, to batch: inout RecordBatch) {
        struct Member {
            var name: Range<Int>
            var kind: JSONCursor.Kind
            var value: Range<Int>
            var int: Int64?
            var double: Double?
        }
        var members: [Member] = []
        batch.text.withBytes(json) { bytes in
            let cursor = JSONCursor(bytes)
            guard let root = cursor.root else { return }
            var found = cursor.members(of: root)
            while let (name, value) = found.next() {
                let isNumber = value.kind == .number
                let isInteger = isNumber && bytes[value.range].allSatisfy { $0 == UInt8(ascii: "-") || 0x30...0x39 ~= $0 }
                members.append(
                    Member(
                        name: (name.range.lowerBound + 1)..<(name.range.upperBound - 1), kind: value.kind, value: value.range,
                        int: isInteger ? cursor.integer(value) : nil, double: isNumber ? cursor.double(value) : nil))
            }
        }
        for member in members {
            let name = batch.text.unescaped(TextStore.slice(json, member.name))
            let key = batch.text.withBytes(name) { AttributeKeyTable.shared.key($0) }
            let text = TextStore.slice(json, member.value)
            switch member.kind {
            case .string:
                let inner = TextStore.slice(json, (member.value.lowerBound + 1)..<(member.value.upperBound - 1))
                batch.attributes.append(Attribute(key: key, kind: .string, name: name, text: batch.text.unescaped(inner)))
            case .object, .array: batch.attributes.append(Attribute(key: key, kind: .json, name: name, text: text))
            case .true, .false:
                batch.attributes.append(Attribute(key: key, kind: .bool, name: name, bits: member.kind == .true ? 1 : 0))
            case .null: batch.attributes.append(Attribute(key: key, kind: .empty, name: name))
            case .number:
                if let int = member.int {
                    batch.attributes.append(Attribute(key: key, kind: .int, name: name, bits: UInt64(bitPattern: int)))
                } else if let double = member.double {
                    batch.attributes.append(Attribute(key: key, kind: .double, name: name, bits: double.bitPattern))
                }
            }
        }
    }
}
