/// Writes the compact protocol of Thrift, in which Parquet keeps its metadata.
struct ThriftCompact {
    private(set) var bytes: [UInt8] = []
    private var last: Int16 = 0
    private var outer: [Int16] = []

    private enum Kind: UInt8 {
        case yes = 1, no, byte, int16, int32, int64, double, binary, list, set, map, structure
    }

    mutating func bool(_ id: Int16, _ value: Bool) { head(id, value ? .yes : .no) }

    mutating func byte(_ id: Int16, _ value: Int8) {
        head(id, .byte)
        bytes.append(UInt8(bitPattern: value))
    }

    mutating func int32(_ id: Int16, _ value: Int) {
        head(id, .int32)
        zigzag(value)
    }

    mutating func int64(_ id: Int16, _ value: Int) {
        head(id, .int64)
        zigzag(value)
    }

    mutating func text(_ id: Int16, _ value: String) {
        head(id, .binary)
        raw(value)
    }

    mutating func list(_ id: Int16, int32 values: [Int]) {
        head(id, .list)
        listHead(values.count, .int32)
        for value in values { zigzag(value) }
    }

    mutating func list(_ id: Int16, text values: [String]) {
        head(id, .list)
        listHead(values.count, .binary)
        for value in values { raw(value) }
    }

    mutating func list<Element>(_ id: Int16, _ values: [Element], _ body: (inout ThriftCompact, Element) -> Void) {
        head(id, .list)
        listHead(values.count, .structure)
        for value in values { members { body(&$0, value) } }
    }

    mutating func structure(_ id: Int16, _ body: (inout ThriftCompact) -> Void) {
        head(id, .structure)
        members(body)
    }

    /// The members of a structure and its end.
    mutating func members(_ body: (inout ThriftCompact) -> Void) {
        outer.append(last)
        last = 0
        body(&self)
        bytes.append(0)
        last = outer.removeLast()
    }

    private mutating func head(_ id: Int16, _ kind: Kind) {
        let step = id - last
        if (1...15).contains(step) {
            bytes.append(UInt8(step) << 4 | kind.rawValue)
        } else {
            bytes.append(kind.rawValue)
            zigzag(Int(id))
        }
        last = id
    }

    private mutating func listHead(_ count: Int, _ kind: Kind) {
        if count < 15 {
            bytes.append(UInt8(count) << 4 | kind.rawValue)
        } else {
            bytes.append(0xf0 | kind.rawValue)
            Self.varint(UInt64(count), to: &bytes)
        }
    }

    private mutating func raw(_ text: String) {
        Self.varint(UInt64(text.utf8.count), to: &bytes)
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func zigzag(_ value: Int) { Self.varint(UInt64(bitPattern: Int64(value << 1 ^ value >> 63)), to: &bytes) }

    static func varint(_ value: UInt64, to bytes: inout [UInt8]) {
        var value = value
        while value >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(value))
    }
}
