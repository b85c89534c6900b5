import OTLPWire

extension OTLPAttribute {
    init(_ attribute: Attribute) {
        self.init(attribute.key, OTLPValue(attribute.value))
    }
}

extension OTLPValue {
    /// Structures stay structures; `null` is its text, as in spans.
    init(_ value: AttributeValue) {
        switch value {
        case .string(let text): self = .string(text)
        case .bool(let flag): self = .bool(flag)
        case .int(let number): self = .int(number)
        case .double(let number): self = .double(number)
        case .strings(let texts): self = .strings(texts)
        case .array(let values): self = .array(values.map(OTLPValue.init))
        case .object(let members): self = .map(members.map(OTLPAttribute.init))
        case .null: self = .string("null")
        }
    }
}
