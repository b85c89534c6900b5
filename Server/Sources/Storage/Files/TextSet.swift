import TelemetryModel

/// A set of texts, made once for the rows of a chunk and asked for each of them.
struct TextSet {
    private let bytes: UnsafeBufferPointer<UInt8>
    /// Where each text begins and ends in `bytes`.
    private var texts: [Range<Int>] = []
    /// Open addressing: one more than the position in `texts`; 0 for a free slot.
    private var slots: [Int32] = []

    /// Texts one after the other, each as its number of bytes, a colon, and itself.
    static func encode(_ texts: some Sequence<String>) -> String { texts.map { "\($0.utf8.count):\($0)" }.joined() }

    /// - Parameter encoded: what ``encode(_:)`` gave; has to outlive the set. Nil when it is nothing of the kind.
    init?(_ encoded: UnsafeBufferPointer<UInt8>) {
        bytes = encoded
        var position = 0
        while position < bytes.count {
            var length = 0
            while position < bytes.count, bytes[position] != UInt8(ascii: ":") {
                guard case UInt8(ascii: "0")...UInt8(ascii: "9") = bytes[position], length <= bytes.count else { return nil }
                length = length * 10 + Int(bytes[position] - UInt8(ascii: "0"))
                position += 1
            }
            guard position < bytes.count, length <= bytes.count - position - 1 else { return nil }
            texts.append(position + 1..<position + 1 + length)
            position += 1 + length
        }
        var size = 8
        while size < texts.count * 2 { size *= 2 }
        slots = [Int32](repeating: 0, count: size)
        for (index, text) in texts.enumerated() { insert(text, Int32(index + 1)) }
    }

    private mutating func insert(_ text: Range<Int>, _ entry: Int32) {
        var slot = Self.hash(UnsafeBufferPointer(rebasing: bytes[text])) & (slots.count - 1)
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = entry
    }

    /// Whether one of the texts has exactly these bytes.
    func contains(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var slot = Self.hash(text) & (slots.count - 1)
        while slots[slot] != 0 {
            if UnsafeBufferPointer(rebasing: bytes[texts[Int(slots[slot]) - 1]]).elementsEqual(text) { return true }
            slot = (slot + 1) & (slots.count - 1)
        }
        return false
    }

    private static func hash(_ text: UnsafeBufferPointer<UInt8>) -> Int {
        var hash = StableHash()
        hash.combine(bytes: text)
        return Int(truncatingIfNeeded: hash.finalize() >> 1)
    }
}
