import TelemetryModel

/// The attributes of the record, event, link, resource or scope being decoded, unique by name: a later one replaces an earlier one.
struct AttributeList {
    /// All attributes since the list was made or ``restart()``ed; those of the current owner begin at ``start``.
    private(set) var items: [Attribute] = []
    private(set) var start = 0
    private var names = NameTable()
    /// Held here because reading a global costs reference counting.
    private let keys = AttributeKeyTable.shared

    /// Begins the attributes of the next owner and keeps the earlier ones.
    mutating func begin() {
        start = items.count
        names.removeAll()
    }

    /// Forgets everything and begins the attributes of the next owner.
    mutating func restart() {
        items.removeAll(keepingCapacity: true)
        begin()
    }

    /// Drops the attributes of the current owner.
    mutating func discard() {
        items.removeLast(items.count - start)
    }

    /// Puts the attributes of the current owner into the order of their names' bytes; afterwards none can be added.
    mutating func sortByName(_ text: TextStore) {
        guard items.count - start > 1 else { return }
        func isBefore(_ one: Attribute, _ other: Attribute) -> Bool {
            text.withBytes(one.name) { left in text.withBytes(other.name) { right in left.lexicographicallyPrecedes(right) } }
        }
        // Most senders send the same order every time, many the order of names.
        guard (start + 1..<items.count).contains(where: { isBefore(items[$0], items[$0 - 1]) }) else { return }
        items[start...].sort(by: isBefore)
        names.removeAll()
    }

    var range: Range<Int> { start..<items.count }
    var isEmpty: Bool { start == items.count }

    /// The known key with this name.
    func key(_ name: Span<UInt8>) -> AttributeKey { keys.key(name) }

    /// Adds an attribute, or replaces the one of the same name in its place.
    ///
    /// - Parameter hash: ``NameTable/hash(_:_:)`` of the name.
    mutating func add(_ attribute: Attribute, hash: UInt64) {
        if let earlier = names.insert(hash, index: items.count &- start) {
            items[start &+ earlier] = attribute
        } else {
            items.append(attribute)
        }
    }

    /// Replaces the value of the attribute at `index` of ``items``.
    mutating func replace(_ index: Int, with attribute: Attribute) { items[index] = attribute }

    /// The index in ``items`` of the current owner's attribute with this name.
    func index(of hash: UInt64) -> Int? {
        names.index(of: hash).map { start + $0 }
    }
}
