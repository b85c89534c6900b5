/// A JSON tree whose objects keep the order of their members. Numbers stay text, so that nothing is lost on the way through.
indirect enum JSONValue: Equatable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    struct Member: Equatable {
        var key: String
        var value: JSONValue
    }

    /// A member of an object; reading a missing one gives nil, writing nil removes it.
    subscript(key: String) -> JSONValue? {
        get {
            guard case .object(let members) = self else { return nil }
            return members.first { $0.key == key }?.value
        }
        set {
            guard case .object(var members) = self else { return }
            self = .null
            if let index = members.firstIndex(where: { $0.key == key }) {
                if let newValue { members[index].value = newValue } else { members.remove(at: index) }
            } else if let newValue {
                members.append(Member(key: key, value: newValue))
            }
            self = .object(members)
        }
    }

    var string: String? {
        if case .string(let text) = self { return text }
        return nil
    }

    var integer: Int? {
        if case .number(let text) = self { return Int(text) }
        return nil
    }

    var bool: Bool? {
        if case .bool(let value) = self { return value }
        return nil
    }

    var array: [JSONValue]? {
        if case .array(let elements) = self { return elements }
        return nil
    }

    var isNull: Bool { self == .null }
}

extension JSONValue {
    /// The tree as JSON text.
    func write(to json: inout JSONText) {
        switch self {
        case .null: json.raw("null")
        case .bool(let value): json.raw(value ? "true" : "false")
        case .number(let text): json.raw(text)
        case .string(let text): json.string(text)
        case .array(let elements):
            json.raw(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { json.raw(UInt8(ascii: ",")) }
                element.write(to: &json)
            }
            json.raw(UInt8(ascii: "]"))
        case .object(let members):
            json.raw(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { json.raw(UInt8(ascii: ",")) }
                json.string(member.key)
                json.raw(UInt8(ascii: ":"))
                member.value.write(to: &json)
            }
            json.raw(UInt8(ascii: "}"))
        }
    }

    var text: String {
        var json = JSONText()
        write(to: &json)
        return String(decoding: json.bytes, as: UTF8.self)
    }
}
