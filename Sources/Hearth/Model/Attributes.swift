/// Attributes in the order they are written. Of several equal names the last value counts; it is sent once.
///
/// ```swift
/// Hearth.info("Cache hit for {symbol}", ["symbol": symbol, "age": age])
/// ```
public struct Attributes: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    @usableFromInline var elements: [Attribute]

    /// A set without attributes.
    @inlinable
    public init() {
        elements = []
    }

    /// Of several equal names the last value counts.
    public init(_ elements: some Sequence<Attribute>) {
        self.elements = []
        for element in elements { self[element.key] = element.value }
    }

    @inlinable
    public init(dictionaryLiteral elements: (String, any AttributeConvertible)...) {
        self.elements = []
        self.elements.reserveCapacity(elements.count)
        for element in elements { self.elements.append(Attribute(element.0, element.1.attributeValue)) }
    }

    /// The value of a name; setting nil removes it.
    public subscript(key: String) -> AttributeValue? {
        get { elements.last { $0.key == key }?.value }
        set {
            guard let newValue else { return elements.removeAll { $0.key == key } }
            if let index = elements.lastIndex(where: { $0.key == key }) {
                elements[index].value = newValue
            } else {
                elements.append(Attribute(key, newValue))
            }
        }
    }

    /// Adds the attributes of another set; its values win.
    public mutating func merge(_ other: Attributes) {
        for element in other.elements { self[element.key] = element.value }
    }
}

extension [Attribute] {
    /// Leaves each name once: with its last value, where it came first. Dictionary literals may hold a name twice.
    mutating func removeRepetitions() {
        guard count > 1 else { return }
        var index = 1
        while index < count {
            if let first = self[..<index].firstIndex(where: { $0.key == self[index].key }) {
                self[first].value = self[index].value
                remove(at: index)
            } else {
                index += 1
            }
        }
    }
}

extension Attributes: RandomAccessCollection {
    public var startIndex: Int { elements.startIndex }
    public var endIndex: Int { elements.endIndex }
    public subscript(position: Int) -> Attribute { elements[position] }
}
