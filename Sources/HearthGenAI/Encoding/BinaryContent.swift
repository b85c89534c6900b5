import Hearth

/// Files inside of structures that only their provider knows: results of tools, blocks of new kinds.
enum BinaryContent {
    /// Members that hold base64 in the APIs that are read.
    private static let holders: Set<String> = ["inlineData", "inline_data", "input_audio"]

    /// The structure without the contents of its files; what they are stays.
    static func removed(from value: AttributeValue) -> AttributeValue {
        switch value {
        case .string(let text):
            guard text.hasPrefix("data:"), let comma = text.firstIndex(of: ",") else { return value }
            return .string(String(text[...comma]))
        case .strings(let texts):
            return .strings(texts.map { removed(from: .string($0)).string ?? "" })
        case .array(let elements):
            return .array(elements.map(removed))
        case .object(let members):
            let isFile = value["type"]?.string == "base64"
            return .object(
                members.compactMap { member in
                    if isFile, member.key == "data" { return nil }
                    if holders.contains(member.key), case .object(let file) = member.value {
                        return Attribute(member.key, .object(file.filter { $0.key != "data" }))
                    }
                    return Attribute(member.key, removed(from: member.value))
                }
            )
        case .bool, .int, .double, .null:
            return value
        }
    }
}
