/// Members of an object.
struct KeyedAttributeContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let place: AttributeEncoder.Place
    let codingPath: [any CodingKey]

    mutating func encodeNil(forKey key: Key) { place.member(key.stringValue).content = .value(.null) }
    mutating func encode(_ value: Bool, forKey key: Key) { set(value, key) }
    mutating func encode(_ value: String, forKey key: Key) { set(value, key) }
    mutating func encode(_ value: Double, forKey key: Key) { set(value, key) }
    mutating func encode(_ value: Float, forKey key: Key) { set(value, key) }
    mutating func encode(_ value: Int, forKey key: Key) { set(value, key) }
    mutating func encode(_ value: Int8, forKey key: Key) { set(value, key) }
    mutating func encode(_ value: Int16, forKey key: Key) { set(value, key) }
    mutating func encode(_ value: Int32, forKey key: Key) { set(value, key) }
    mutating func encode(_ value: Int64, forKey key: Key) { set(value, key) }
    mutating func encode(_ value: UInt, forKey key: Key) { set(value, key) }
    mutating func encode(_ value: UInt8, forKey key: Key) { set(value, key) }
    mutating func encode(_ value: UInt16, forKey key: Key) { set(value, key) }
    mutating func encode(_ value: UInt32, forKey key: Key) { set(value, key) }
    mutating func encode(_ value: UInt64, forKey key: Key) { set(value, key) }

    mutating func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
        try AttributeEncoder.encode(value, at: place.member(key.stringValue), path: codingPath + [key])
    }

    private func set(_ value: some AttributeConvertible, _ key: Key) {
        place.member(key.stringValue).content = .value(value.attributeValue)
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

    mutating func encodeNil() { next().content = .value(.null) }
    mutating func encode(_ value: Bool) { set(value) }
    mutating func encode(_ value: String) { set(value) }
    mutating func encode(_ value: Double) { set(value) }
    mutating func encode(_ value: Float) { set(value) }
    mutating func encode(_ value: Int) { set(value) }
    mutating func encode(_ value: Int8) { set(value) }
    mutating func encode(_ value: Int16) { set(value) }
    mutating func encode(_ value: Int32) { set(value) }
    mutating func encode(_ value: Int64) { set(value) }
    mutating func encode(_ value: UInt) { set(value) }
    mutating func encode(_ value: UInt8) { set(value) }
    mutating func encode(_ value: UInt16) { set(value) }
    mutating func encode(_ value: UInt32) { set(value) }
    mutating func encode(_ value: UInt64) { set(value) }

    mutating func encode<Value: Encodable>(_ value: Value) throws {
        let path = codingPath + [IndexKey(intValue: count)]
        try AttributeEncoder.encode(value, at: next(), path: path)
    }

    private mutating func set(_ value: some AttributeConvertible) { next().content = .value(value.attributeValue) }

    private mutating func next() -> AttributeEncoder.Place {
        count += 1
        return place.element()
    }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        nested().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { nested().unkeyedContainer() }
    mutating func superEncoder() -> any Encoder { nested() }

    private mutating func nested() -> AttributeEncoder {
        let path = codingPath + [IndexKey(intValue: count)]
        return AttributeEncoder(place: next(), codingPath: path)
    }
}

/// One value.
struct SingleAttributeContainer: SingleValueEncodingContainer {
    let place: AttributeEncoder.Place
    let codingPath: [any CodingKey]

    mutating func encodeNil() { place.content = .value(.null) }
    mutating func encode(_ value: Bool) { set(value) }
    mutating func encode(_ value: String) { set(value) }
    mutating func encode(_ value: Double) { set(value) }
    mutating func encode(_ value: Float) { set(value) }
    mutating func encode(_ value: Int) { set(value) }
    mutating func encode(_ value: Int8) { set(value) }
    mutating func encode(_ value: Int16) { set(value) }
    mutating func encode(_ value: Int32) { set(value) }
    mutating func encode(_ value: Int64) { set(value) }
    mutating func encode(_ value: UInt) { set(value) }
    mutating func encode(_ value: UInt8) { set(value) }
    mutating func encode(_ value: UInt16) { set(value) }
    mutating func encode(_ value: UInt32) { set(value) }
    mutating func encode(_ value: UInt64) { set(value) }

    /// One level deeper, so that a value that encodes itself comes to an end.
    mutating func encode<Value: Encodable>(_ value: Value) throws {
        try AttributeEncoder.encode(value, at: place, path: codingPath + [IndexKey(intValue: 0)])
    }

    private func set(_ value: some AttributeConvertible) { place.content = .value(value.attributeValue) }
}
