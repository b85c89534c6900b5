/// Finds the ``AttributeKey`` of a name in one hash and one comparison.
///
/// Open addressing over all known names, built once. Values are read in place, so a look-up allocates nothing.
public struct AttributeKeyTable: Sendable {
    public static let shared = AttributeKeyTable()

    private let mask: Int
    /// Index into ``keys``, or -1.
    private let slots: [Int16]
    private let keys: [AttributeKey]
    private let names: [UInt8]
    private let nameRanges: [Range<Int>]

    private init() {
        keys = AttributeKey.allCases.filter { $0 != .unknown }
        var names: [UInt8] = []
        var ranges: [Range<Int>] = []
        for key in keys {
            let start = names.count
            names.append(contentsOf: key.rawValue.utf8)
            ranges.append(start..<names.count)
        }
        var capacity = 64
        while capacity < keys.count * 4 { capacity *= 2 }
        mask = capacity - 1
        var slots = [Int16](repeating: -1, count: capacity)
        for (index, range) in ranges.enumerated() {
            var slot = names.withUnsafeBufferPointer { Self.hash(UnsafeBufferPointer(rebasing: $0[range])) } & (capacity - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (capacity - 1) }
            slots[slot] = Int16(index)
        }
        self.slots = slots
        self.names = names
        nameRanges = ranges
    }

    /// FNV-1a over length, the first eight and the last eight bytes: enough to tell the known names apart cheaply.
    private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ UInt64(bytes.count)
        let head = min(8, bytes.count)
        for index in 0..<head { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01b3 }
        for index in max(head, bytes.count - 8)..<bytes.count { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01b3 }
        return Int(truncatingIfNeeded: hash ^ hash >> 32)
    }

    /// The key whose name is exactly the bytes in `range`, else ``AttributeKey/unknown``.
    public func key(_ bytes: Span<UInt8>, _ range: Range<Int>) -> AttributeKey {
        bytes.extracting(range).withUnsafeBufferPointer { key($0) }
    }

    /// The key whose name is exactly `bytes`, else ``AttributeKey/unknown``.
    public func key(_ bytes: UnsafeBufferPointer<UInt8>) -> AttributeKey {
        var slot = Self.hash(bytes) & mask
        while slots[slot] >= 0 {
            let index = Int(slots[slot])
            let range = nameRanges[index]
            if range.count == bytes.count {
                let same = names.withUnsafeBufferPointer { UnsafeBufferPointer(rebasing: $0[range]).elementsEqual(bytes) }
                if same { return keys[index] }
            }
            slot = (slot + 1) & mask
        }
        return .unknown
    }
}
