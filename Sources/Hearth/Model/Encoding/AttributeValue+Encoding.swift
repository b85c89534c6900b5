extension AttributeConvertible where Self == AttributeValue {
    /// An `Encodable` value as structure: objects, arrays and numbers as its `encode(to:)` writes them.
    ///
    /// ```swift
    /// Hearth.info("ordered {order}", ["order": .encoding(order)])
    /// ```
    /// A value that throws while it is encoded is told as text with its reason; nothing is thrown. Structures end at a depth of 64.
    public static func encoding(_ value: some Encodable) -> AttributeValue {
        do {
            return try AttributeEncoder.encode(value, path: [])
        } catch {
            return .string("(not encodable: \(error))")
        }
    }
}

extension HearthSpan {
    /// Sets an attribute to the structure of an `Encodable` value; see ``AttributeConvertible/encoding(_:)``.
    public func setAttribute(_ key: String, encoding value: some Encodable) {
        guard isRecording else { return }
        setAttribute(key, AttributeValue.encoding(value))
    }
}

/// Turns `Encodable` values into attribute values.
struct AttributeEncoder: Encoder {
    /// What is being written: a tree of places that containers share.
    final class Place {
        enum Content {
            case nothing
            case value(AttributeValue)
            case object([(key: String, place: Place)])
            case array([Place])
        }

        var content = Content.nothing

        var value: AttributeValue {
            switch content {
            case .nothing: .object([])
            case .value(let value): value
            case .object(let members): .object(members.map { Attribute($0.key, $0.place.value) })
            case .array(let elements): .array(elements.map(\.value))
            }
        }

        func member(_ key: String) -> Place {
            let place = Place()
            var members: [(key: String, place: Place)] = if case .object(let known) = content { known } else { [] }
            // Written twice: the last one counts.
            members.removeAll { $0.key == key }
            members.append((key, place))
            content = .object(members)
            return place
        }

        func element() -> Place {
            let place = Place()
            var elements: [Place] = if case .array(let known) = content { known } else { [] }
            elements.append(place)
            content = .array(elements)
            return place
        }
    }

    let place: Place
    var codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    static func encode(_ value: some Encodable, path: [any CodingKey]) throws -> AttributeValue {
        let place = Place()
        try encode(value, at: place, path: path)
        return place.value
    }

    /// Values that are attributes themselves are taken as they are.
    static func encode(_ value: some Encodable, at place: Place, path: [any CodingKey]) throws {
        guard path.count < JSONText.maximumDepth else {
            place.content = .value(.null)
            return
        }
        if let known = value as? any AttributeConvertible {
            place.content = .value(known.attributeValue)
        } else {
            try value.encode(to: AttributeEncoder(place: place, codingPath: path))
        }
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        if case .nothing = place.content { place.content = .object([]) }
        return KeyedEncodingContainer(KeyedAttributeContainer<Key>(place: place, codingPath: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        if case .nothing = place.content { place.content = .array([]) }
        return UnkeyedAttributeContainer(place: place, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        SingleAttributeContainer(place: place, codingPath: codingPath)
    }
}

/// A position in an array.
struct IndexKey: CodingKey {
    var intValue: Int?
    var stringValue: String { intValue.map(String.init) ?? "" }

    init(intValue: Int) { self.intValue = intValue }
    init?(stringValue: String) {
        guard let index = Int(stringValue) else { return nil }
        intValue = index
    }
}
