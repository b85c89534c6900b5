/// Names and values that travel with the context, also to other processes, and become attributes of every span inside.
public struct Baggage: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    /// In the order they were set.
    public private(set) var entries: [Entry] = []

    /// A name and its value.
    public struct Entry: Sendable, Hashable {
        /// The name, which is also that of the attribute.
        public var name: String
        /// The value; percent-encoded only on the way between processes.
        public var value: String
    }

    /// Baggage without entries.
    public init() {}

    public init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { self[name] = value }
    }

    /// Whether there are no entries.
    public var isEmpty: Bool { entries.isEmpty }

    /// The value of a name; setting nil removes it.
    public subscript(name: String) -> String? {
        get { entries.first { $0.name == name }?.value }
        set {
            let index = entries.firstIndex { $0.name == name }
            if let newValue {
                if let index { entries[index].value = newValue } else { entries.append(Entry(name: name, value: newValue)) }
            } else if let index {
                entries.remove(at: index)
            }
        }
    }

    /// Adds other entries; their values win.
    public mutating func merge(_ other: Baggage) {
        for entry in other.entries { self[entry.name] = entry.value }
    }
}
