import CDuckDB

/// Reads the values of one column of a ``DataChunk``. Rows are counted from 0 within the chunk.
///
/// Typed reads take the physical form of the column's ``type``; asking for another one is a programming error that debug
/// builds catch. Check ``isNull(_:)`` first: the value of a NULL row is undefined.
public struct ColumnReader {
    private let owner: DataChunk
    private let vector: duckdb_vector?
    @usableFromInline let data: UnsafeMutableRawPointer?
    @usableFromInline let validity: UnsafeMutablePointer<UInt64>?
    public let type: ColumnType

    init(owner: DataChunk, vector: duckdb_vector?, type: ColumnType) {
        self.owner = owner
        self.vector = vector
        self.type = type
        data = duckdb_vector_get_data(vector)
        validity = duckdb_vector_get_validity(vector)
    }

    /// Whether the row holds NULL.
    // Inlinable like the others that are called for every value: without the closure's type at compile time a call costs several times as much.
    @inlinable
    public func isNull(_ row: Int) -> Bool {
        guard let validity else { return false }
        return validity[row >> 6] & (1 << UInt64(row & 63)) == 0
    }

    private func load<T: BitwiseCopyable>(_ row: Int, as _: T.Type) -> T {
        data.unsafelyUnwrapped.load(fromByteOffset: row &* MemoryLayout<T>.stride, as: T.self)
    }

    public func bool(_ row: Int) -> Bool { load(row, as: UInt8.self) != 0 }
    public func float(_ row: Int) -> Float { load(row, as: Float.self) }
    public func double(_ row: Int) -> Double { load(row, as: Double.self) }

    /// The value of an integer column of at most 64 bits; also days of `date`, microseconds of `time` and `timestamp`, and the
    /// unit of the other timestamp types. `uint64` values above `Int64.max` wrap: read those with ``uint64(_:)``.
    public func int64(_ row: Int) -> Int64 {
        switch type {
        case .int8: Int64(load(row, as: Int8.self))
        case .int16: Int64(load(row, as: Int16.self))
        case .int32, .date: Int64(load(row, as: Int32.self))
        case .uint8: Int64(load(row, as: UInt8.self))
        case .uint16: Int64(load(row, as: UInt16.self))
        case .uint32: Int64(load(row, as: UInt32.self))
        default: load(row, as: Int64.self)
        }
    }

    public func uint64(_ row: Int) -> UInt64 {
        if case .uint64 = type { return load(row, as: UInt64.self) }
        return UInt64(truncatingIfNeeded: int64(row))
    }

    /// HUGEINT, and the unscaled value of a DECIMAL of any width.
    public func int128(_ row: Int) -> Int128 {
        if case .decimal(_, _, let storage) = type {
            switch storage {
            case 2: return Int128(load(row, as: Int16.self))
            case 4: return Int128(load(row, as: Int32.self))
            case 8: return Int128(load(row, as: Int64.self))
            default: break
            }
        }
        let value = load(row, as: duckdb_hugeint.self)
        return Int128(value.upper) << 64 | Int128(value.lower)
    }

    public func uint128(_ row: Int) -> UInt128 {
        let value = load(row, as: duckdb_uhugeint.self)
        return UInt128(value.upper) << 64 | UInt128(value.lower)
    }

    /// The 128 bits of a UUID in the order its text shows them.
    public func uuid(_ row: Int) -> UInt128 {
        // The engine flips the highest bit so that signed comparison orders the values.
        UInt128(truncatingIfNeeded: int128(row)) ^ (1 << 127)
    }

    /// Months, days and microseconds of an interval.
    public func interval(_ row: Int) -> (months: Int32, days: Int32, microseconds: Int64) {
        let value = load(row, as: duckdb_interval.self)
        return (value.months, value.days, value.micros)
    }

    /// Microseconds of the day, and seconds east of UTC.
    public func timeTZ(_ row: Int) -> (microseconds: Int64, offsetSeconds: Int32) {
        let value = duckdb_from_time_tz(load(row, as: duckdb_time_tz.self))
        let seconds = Int64(value.time.hour) * 3600 + Int64(value.time.min) * 60 + Int64(value.time.sec)
        return (seconds * 1_000_000 + Int64(value.time.micros), value.offset)
    }

    /// Index into the names of an enumeration.
    public func enumerationIndex(_ row: Int) -> Int {
        guard case .enumeration(let names) = type else { return 0 }
        if names.count <= 0xff { return Int(load(row, as: UInt8.self)) }
        if names.count <= 0xffff { return Int(load(row, as: UInt16.self)) }
        return Int(load(row, as: UInt32.self))
    }

    /// Calls `body` with the bytes of a text, JSON, blob or bit value.
    @inlinable
    public func withBytes<R, E: Error>(_ row: Int, _ body: (UnsafeBufferPointer<UInt8>) throws(E) -> R) throws(E) -> R {
        // The first four bytes are the length; up to 12 bytes follow in place, longer ones behind a pointer.
        let entry = data.unsafelyUnwrapped + row &* 16
        let length = Int(entry.load(as: UInt32.self))
        let start = length <= 12 ? UnsafeRawPointer(entry + 4) : entry.load(fromByteOffset: 8, as: UnsafeRawPointer.self)
        return try body(UnsafeBufferPointer(start: start.assumingMemoryBound(to: UInt8.self), count: length))
    }

    /// A text value as a `String`.
    public func string(_ row: Int) -> String {
        withBytes(row) { String(decoding: $0, as: UTF8.self) }
    }

    /// The rows of ``elements`` that make up a list, map or array value.
    public func elementRange(_ row: Int) -> Range<Int> {
        if case .array(_, let count) = type { return row * count..<(row + 1) * count }
        let entry = load(row, as: duckdb_list_entry.self)
        return Int(entry.offset)..<Int(entry.offset + entry.length)
    }

    /// The values that the rows of a list, array or map column share. A map's elements are structures of key and value.
    public var elements: ColumnReader {
        switch type {
        case .array(let element, _):
            ColumnReader(owner: owner, vector: duckdb_array_vector_get_child(vector), type: element)
        case .list(let element):
            ColumnReader(owner: owner, vector: duckdb_list_vector_get_child(vector), type: element)
        case .map(let key, let value):
            ColumnReader(
                owner: owner,
                vector: duckdb_list_vector_get_child(vector),
                type: .structure([.init(name: "key", type: key), .init(name: "value", type: value)])
            )
        default: preconditionFailure("\(type) has no elements")
        }
    }

    /// A member of a structure or union column, by its index in the type.
    public func member(_ index: Int) -> ColumnReader {
        switch type {
        case .structure(let fields):
            ColumnReader(owner: owner, vector: duckdb_struct_vector_get_child(vector, idx_t(index)), type: fields[index].type)
        case .union(let fields):
            // Child 0 of a union is its tag.
            ColumnReader(owner: owner, vector: duckdb_struct_vector_get_child(vector, idx_t(index + 1)), type: fields[index].type)
        default: preconditionFailure("\(type) has no members")
        }
    }

    /// Which member of a union column the row holds.
    public func unionMember(_ row: Int) -> Int {
        let tag = ColumnReader(owner: owner, vector: duckdb_struct_vector_get_child(vector, 0), type: .uint8)
        return Int(tag.load(row, as: UInt8.self))
    }
}
