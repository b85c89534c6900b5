extension AttributeValue {
    /// Bytes of all texts in the value.
    var textBytes: Int {
        switch self {
        case .string(let text): text.utf8.count
        case .strings(let texts): texts.reduce(0) { $0 + $1.utf8.count }
        case .array(let values): values.reduce(0) { $0 + $1.textBytes }
        case .object(let members): members.reduce(0) { $0 + $1.key.utf8.count + $1.value.textBytes }
        case .bool, .int, .double, .null: 0
        }
    }

    /// The value with no text longer than so many characters.
    func shortened(to length: Int) -> AttributeValue {
        // A text has at most as many characters as bytes.
        guard textBytes > length else { return self }
        switch self {
        case .string(let text): return .string(Self.shortened(text, to: length))
        case .strings(let texts): return .strings(texts.map { Self.shortened($0, to: length) })
        case .array(let values): return .array(values.map { $0.shortened(to: length) })
        case .object(let members): return .object(members.map { Attribute($0.key, $0.value.shortened(to: length)) })
        case .bool, .int, .double, .null: return self
        }
    }

    /// Characters are Unicode scalars, as OpenTelemetry's SDKs count them.
    static func shortened(_ text: String, to length: Int) -> String {
        guard text.utf8.count > length, text.unicodeScalars.count > length else { return text }
        return String(text.unicodeScalars.prefix(length))
    }
}

extension SpanRecord {
    /// Cuts texts off that are longer than so many characters.
    mutating func shorten(to length: Int) {
        guard length < .max else { return }
        for index in attributes.indices where attributes[index].value.textBytes > length {
            attributes[index].value = attributes[index].value.shortened(to: length)
        }
        for event in events.indices {
            for index in events[event].attributes.indices {
                events[event].attributes[index].value = events[event].attributes[index].value.shortened(to: length)
            }
        }
        for link in links.indices {
            for index in links[link].attributes.indices {
                links[link].attributes[index].value = links[link].attributes[index].value.shortened(to: length)
            }
        }
        // A filled template is as long as the programmer made it, since its values are shortened already.
        if hasOwnMessage, let message { self.message = AttributeValue.shortened(message, to: length) }
        statusMessage = AttributeValue.shortened(statusMessage, to: length)
    }
}
