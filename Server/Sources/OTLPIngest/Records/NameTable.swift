/// Finds names that occurred before in one record, by 64-bit hashes. Reused from record to record without being cleared.
///
/// The hash is seeded per process, so a sender cannot choose names that collide.
struct NameTable {
    private struct Slot {
        var hash: UInt64 = 0
        var epoch: UInt32 = 0
        var index: UInt32 = 0
    }

    private var slots = [Slot](repeating: Slot(), count: 128)
    private var mask = 127
    private var epoch: UInt32 = 1
    private var count = 0

    private static let seed = UInt64.random(in: .min ... .max)

    /// Forgets all names.
    mutating func removeAll() {
        count = 0
        epoch &+= 1
        if epoch == 0 {
            for index in slots.indices { slots[index].epoch = 0 }
            epoch = 1
        }
    }

    /// Remembers a name.
    ///
    /// - Returns: the index the name was first remembered with, nil when it is new.
    mutating func insert(_ hash: UInt64, index: Int) -> Int? {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot].epoch == epoch {
            if slots[slot].hash == hash { return Int(slots[slot].index) }
            slot = (slot &+ 1) & mask
        }
        slots[slot] = Slot(hash: hash, epoch: epoch, index: UInt32(truncatingIfNeeded: index))
        count &+= 1
        if count &* 2 > slots.count { grow() }
        return nil
    }

    /// The index `hash` was remembered with.
    func index(of hash: UInt64) -> Int? {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot].epoch == epoch {
            if slots[slot].hash == hash { return Int(slots[slot].index) }
            slot = (slot &+ 1) & mask
        }
        return nil
    }

    private mutating func grow() {
        let old = slots
        slots = [Slot](repeating: Slot(), count: old.count * 2)
        mask = slots.count - 1
        for entry in old where entry.epoch == epoch {
            var slot = Int(truncatingIfNeeded: entry.hash) & mask
            while slots[slot].epoch == epoch { slot = (slot &+ 1) & mask }
            slots[slot] = entry
        }
    }

    /// Mixes eight bytes at a time by full-width multiplication.
    static func hash(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
        var state = seed ^ UInt64(truncatingIfNeeded: range.count)
        var index = range.lowerBound
        let end = range.upperBound
        while end &- index >= 8 {
            state = mix(state, bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
            index &+= 8
        }
        if index < end {
            var rest: UInt64 = 0
            while index < end {
                rest = rest << 8 | UInt64(bytes[index])
                index &+= 1
            }
            state = mix(state, rest)
        }
        return mix(state, 0x9e37_79b9_7f4a_7c15)
    }

    private static func mix(_ state: UInt64, _ word: UInt64) -> UInt64 {
        let product = (state ^ word).multipliedFullWidth(by: 0xd6e8_feb8_6659_fd93)
        return (product.high ^ product.low) &+ word.byteSwapped
    }
}
