/// Builds a FlatBuffers message, back to front as the format wants it: what is referred to comes before what refers to it.
///
/// Places are counted in bytes from the end of the finished message.
struct FlatBuffer {
    /// The message's bytes, last one first.
    private var reversed: [UInt8] = []
    private var alignment = 8

    /// A member of a table.
    enum Member {
        case absent
        case byte(UInt8)
        case int16(Int16)
        case int32(Int32)
        case int64(Int64)
        /// The place of a table, vector or string.
        case reference(Int)
    }

    private mutating func align(_ size: Int, before bytes: Int) {
        while (reversed.count + bytes) % size != 0 { reversed.append(0) }
    }

    private mutating func put(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.bigEndian) { reversed.append(contentsOf: $0) }
    }

    private mutating func reference(to place: Int) { put(UInt32(reversed.count + 4 - place)) }

    /// Adds a string. Returns its place.
    mutating func string(_ text: String) -> Int {
        align(4, before: text.utf8.count + 1)
        reversed.append(0)
        reversed.append(contentsOf: text.utf8.reversed())
        put(UInt32(text.utf8.count))
        return reversed.count
    }

    /// Adds a vector of references.
    mutating func vector(_ places: [Int]) -> Int {
        align(4, before: 4 * places.count)
        for place in places.reversed() { reference(to: place) }
        put(UInt32(places.count))
        return reversed.count
    }

    /// Adds a vector of structures of two 64-bit numbers.
    mutating func vector(pairs: [(Int64, Int64)]) -> Int {
        align(8, before: 16 * pairs.count)
        for pair in pairs.reversed() {
            put(pair.1)
            put(pair.0)
        }
        put(UInt32(pairs.count))
        return reversed.count
    }

    /// Adds a table with its members in the order of the schema.
    mutating func table(_ members: [Member]) -> Int {
        align(8, before: 0)
        let end = reversed.count
        var places: [Int] = []
        for member in members {
            switch member {
            case .absent:
                places.append(0)
                continue
            case .byte(let value): put(value)
            case .int16(let value):
                align(2, before: 0)
                put(value)
            case .int32(let value):
                align(4, before: 0)
                put(value)
            case .int64(let value):
                align(8, before: 0)
                put(value)
            case .reference(let place):
                align(4, before: 0)
                reference(to: place)
            }
            places.append(reversed.count)
        }
        align(4, before: 0)
        let slots = UInt16(4 + 2 * members.count)
        // How far before the table its list of members begins.
        put(Int32(slots))
        let start = reversed.count
        for place in places.reversed() { put(UInt16(place == 0 ? 0 : start - place)) }
        put(UInt16(start - end))
        put(slots)
        return start
    }

    /// The message with `root` as its table.
    consuming func finish(_ root: Int) -> [UInt8] {
        align(alignment, before: 4)
        reference(to: root)
        return reversed.reversed()
    }
}
