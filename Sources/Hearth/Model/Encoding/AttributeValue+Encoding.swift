extension AttributeConvertible where Self == AttributeValue {
    /// An `Encodable` value as structure: objects, arrays and numbers as its `encode(to:)` writes them.
    ///
    /// ```swift
    /// Hearth.info("ordered {order}", ["order": .encoding(order)])
    /// ```
    /// A value that throws while it is encoded is told as text with its reason; nothing is thrown. Structures end at a depth of 64 and after
    /// 100,000 values: what comes then is `null`.
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
        private enum Content {
            case nothing
            case value(AttributeValue)
            case object
            case array
        }

        /// How many values a tree may still have.
        final class Budget {
            var remaining = 100_000
        }

        private var content = Content.nothing
        private var children: [(key: String, place: Place)] = []
        private var indexes: [String: Int] = [:]
        private let budget: Budget

        init(_ budget: Budget = Budget()) {
            self.budget = budget
            budget.remaining -= 1
        }

        /// Whether the tree is as large as it may become.
        var isExhausted: Bool { budget.remaining <= 0 }

        var value: AttributeValue {
            switch content {
            case .nothing: .object([])
            case .value(let value): value
            case .object: .object(children.map { Attribute($0.key, $0.place.value) })
            case .array: .array(children.map(\.place.value))
            }
        }

        func set(_ value: AttributeValue) { content = .value(value) }
        func becomeObject() { if case .nothing = content { content = .object } }
        func becomeArray() { if case .nothing = content { content = .array } }

        /// A member that was written before is written anew: the last value counts.
        func member(_ key: String) -> Place {
            let place = Place(budget)
            content = .object
            if let index = indexes[key] {
                children[index].place = place
            } else {
                indexes[key] = children.count
                children.append((key, place))
            }
            return place
        }

        func element() -> Place {
            let place = Place(budget)
            content = .array
            children.append(("", place))
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
        guard path.count < JSONText.maximumDepth, !place.isExhausted else { return place.set(.null) }
        if let known = value as? any AttributeConvertible {
            place.set(known.attributeValue)
        } else {
            try value.encode(to: AttributeEncoder(place: place, codingPath: path))
        }
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        place.becomeObject()
        return KeyedEncodingContainer(KeyedAttributeContainer<Key>(place: place, codingPath: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        place.becomeArray()
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
