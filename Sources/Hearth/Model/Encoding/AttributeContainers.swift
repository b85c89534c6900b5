// Numbers, texts and flags take the same way as everything else: `AttributeEncoder.encode(_:at:path:)` knows those that are attributes.

/// Members of an object.
struct KeyedAttributeContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let place: AttributeEncoder.Place
    let codingPath: [any CodingKey]

    mutating func encodeNil(forKey key: Key) { place.member(key.stringValue).set(.null) }

    mutating func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
        try AttributeEncoder.encode(value, at: place.member(key.stringValue), path: codingPath + [key])
    }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) -> KeyedEncodingContainer<Nested> {
        nested(key).container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { nested(key).unkeyedContainer() }
    mutating func superEncoder() -> any Encoder { AttributeEncoder(place: place.member("super"), codingPath: codingPath) }
    mutating func superEncoder(forKey key: Key) -> any Encoder { nested(key) }

    private func nested(_ key: Key) -> AttributeEncoder {
        AttributeEncoder(place: place.member(key.stringValue), codingPath: codingPath + [key])
    }
}

/// Elements of an array.
struct UnkeyedAttributeContainer: UnkeyedEncodingContainer {
    let place: AttributeEncoder.Place
    let codingPath: [any CodingKey]
    private(set) var count = 0

    init(place: AttributeEncoder.Place, codingPath: [any CodingKey]) {
        self.place = place
        self.codingPath = codingPath
    }

    mutating func encodeNil() { next().place.set(.null) }

    mutating func encode<Value: Encodable>(_ value: Value) throws {
        let next = next()
        try AttributeEncoder.encode(value, at: next.place, path: next.codingPath)
    }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        next().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { next().unkeyedContainer() }
    mutating func superEncoder() -> any Encoder { next() }

    private mutating func next() -> AttributeEncoder {
        defer { count += 1 }
        return AttributeEncoder(place: place.element(), codingPath: codingPath + [IndexKey(intValue: count)])
    }
}

/// One value.
struct SingleAttributeContainer: SingleValueEncodingContainer {
    let place: AttributeEncoder.Place
    let codingPath: [any CodingKey]

    mutating func encodeNil() { place.set(.null) }

    /// One level deeper, so that a value that encodes itself comes to an end.
    mutating func encode<Value: Encodable>(_ value: Value) throws {
        try AttributeEncoder.encode(value, at: place, path: codingPath + [IndexKey(intValue: 0)])
    }
}
