/// Finds the ``AttributeKey`` of a name in one hash and, when it is known, one comparison.
///
/// Open addressing over all known names, built once. Values are read in place, so a look-up allocates nothing.
public struct AttributeKeyTable: Sendable {
    public static let shared = AttributeKeyTable()

    private struct Slot {
        var hash: UInt64 = 0
        /// ``AttributeKey/unknown`` in a free slot.
        var key = AttributeKey.unknown
        /// Where the key's name is in ``names``.
        var start: UInt32 = 0
        var count: UInt32 = 0
    }

    private let mask: Int
    private let slots: [Slot]
    private let names: [UInt8]

    private init() {
        let keys = AttributeKey.allCases.filter { $0 != .unknown }
        var capacity = 64
        while capacity < keys.count * 4 { capacity *= 2 }
        mask = capacity - 1
        var slots = [Slot](repeating: Slot(), count: capacity)
        var names: [UInt8] = []
        for key in keys {
            let name = Array(key.rawValue.utf8)
            let hash = Self.hash(name.span)
            var slot = Int(truncatingIfNeeded: hash) & (capacity - 1)
            while slots[slot].key != .unknown { slot = (slot + 1) & (capacity - 1) }
            slots[slot] = Slot(hash: hash, key: key, start: UInt32(names.count), count: UInt32(name.count))
            names.append(contentsOf: name)
        }
        self.slots = slots
        self.names = names
    }

    /// Mixes the length, the first eight and the last eight bytes: enough to tell the known names apart cheaply.
    private static func hash(_ name: Span<UInt8>) -> UInt64 {
        let count = name.count
        var head: UInt64 = 0
        var tail: UInt64 = 0
        if count >= 8 {
            head = name.bytes.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt64.self)
            tail = name.bytes.unsafeLoadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
        } else {
            for index in 0..<count { head = head << 8 | UInt64(name[index]) }
        }
        var hash = (head ^ UInt64(truncatingIfNeeded: count)) &* 0x9e37_79b9_7f4a_7c15
        hash = (hash ^ hash >> 32 ^ tail) &* 0xd6e8_feb8_6659_fd93
        return hash ^ hash >> 32
    }

    /// The key whose name is exactly `name`, else ``AttributeKey/unknown``.
    public func key(_ name: Span<UInt8>) -> AttributeKey {
        let hash = Self.hash(name)
        var index = Int(truncatingIfNeeded: hash) & mask
        while slots[index].key != .unknown {
            let slot = slots[index]
            if slot.hash == hash, Int(slot.count) == name.count, Self.equal(names.span, Int(slot.start), name) { return slot.key }
            index = (index &+ 1) & mask
        }
        return .unknown
    }

    /// The key whose name is exactly `bytes`, else ``AttributeKey/unknown``.
    public func key(_ bytes: UnsafeBufferPointer<UInt8>) -> AttributeKey {
        key(bytes.span)
    }

    /// Whether `names` has the bytes of `name` at `start`.
    private static func equal(_ names: Span<UInt8>, _ start: Int, _ name: Span<UInt8>) -> Bool {
        var index = 0
        while name.count &- index >= 8 {
            let known = names.bytes.unsafeLoadUnaligned(fromByteOffset: start &+ index, as: UInt64.self)
            if known != name.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self) { return false }
            index &+= 8
        }
        while index < name.count {
            if names[start &+ index] != name[index] { return false }
            index &+= 1
        }
        return true
    }
}
