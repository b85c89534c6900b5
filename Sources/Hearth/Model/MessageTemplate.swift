/// Fills the placeholders of a message: `{name}` with the attribute's value, `{name=}` with name and value; `{{` and `}}` are braces.
///
/// A placeholder without an attribute, or one that is not closed, stays as it is written.
enum MessageTemplate {
    /// Longer values are cut in the middle.
    static let maximumValueLength = 128

    static func render(_ template: String, _ attributes: [Attribute]) -> String {
        guard template.utf8.contains(where: { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "}") }) else { return template }
        var message = ""
        message.reserveCapacity(template.utf8.count + 32)
        var rest = template[...]
        while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            message += rest[..<brace]
            let behind = rest.index(after: brace)
            if behind < rest.endIndex, rest[behind] == rest[brace] {
                message.append(rest[brace])
                rest = rest[rest.index(after: behind)...]
                continue
            }
            guard rest[brace] == "{", let close = rest[behind...].firstIndex(of: "}"),
                let filled = fill(rest[behind..<close], attributes)
            else {
                message.append(rest[brace])
                rest = rest[behind...]
                continue
            }
            message += filled
            rest = rest[rest.index(after: close)...]
        }
        message += rest
        return message
    }

    private static func fill(_ placeholder: Substring, _ attributes: [Attribute]) -> String? {
        let showsName = placeholder.last == "="
        let name = showsName ? placeholder.dropLast() : placeholder
        guard let value = attributes.last(where: { $0.key == name })?.value else { return nil }
        let text = shortened(value.text, to: maximumValueLength)
        return showsName ? "\(name)=\(text)" : text
    }

    /// Text cut in the middle so that it has at most so many characters.
    static func shortened(_ text: String, to length: Int) -> String {
        guard text.utf8.count > length, text.count > length else { return text }
        let kept = max(length - 3, 0)
        return text.prefix(kept - kept / 2) + "..." + text.suffix(kept / 2)
    }
}
