import CDuckDB

/// The argument of a function written in Swift, for the rows of one chunk; valid only while the engine's call lasts.
///
/// Typed reads take the width of the argument's SQL type. The value of a NULL row is undefined: ask ``isNull(_:)`` first.
public struct InputVector {
    private let vector: duckdb_vector?
    @usableFromInline let data: UnsafeMutableRawPointer?
    @usableFromInline let validity: UnsafeMutablePointer<UInt64>?

    init(_ vector: duckdb_vector?) {
        self.vector = vector
        data = duckdb_vector_get_data(vector)
        validity = duckdb_vector_get_validity(vector)
    }

    /// Whether the row holds NULL.
    @inlinable
    public func isNull(_ row: Int) -> Bool {
        guard let validity else { return false }
        return validity[row >> 6] & (1 << UInt64(row & 63)) == 0
    }

    /// A fixed-width value; nil for NULL.
    // Inlinable, because without the type at compile time a call costs as much as hundreds of rows.
    @inlinable
    public func value<T: BitwiseCopyable>(_ row: Int, as type: T.Type = T.self) -> T? {
        isNull(row) ? nil : data.unsafelyUnwrapped.load(fromByteOffset: row &* MemoryLayout<T>.stride, as: type)
    }

    /// A BOOLEAN; nil for NULL.
    public func bool(_ row: Int) -> Bool? { value(row, as: UInt8.self).map { $0 != 0 } }

    /// The bytes of a text, JSON or blob value, for the time of the call; the row must not be NULL.
    public func withBytes<R>(_ row: Int, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
        // The first four bytes are the length; up to 12 bytes follow in place, longer ones behind a pointer.
        let entry = data.unsafelyUnwrapped + row &* 16
        let length = Int(entry.load(as: UInt32.self))
        let start = length <= 12 ? UnsafeRawPointer(entry + 4) : UnsafeRawPointer(entry.load(fromByteOffset: 8, as: UnsafeRawPointer.self))
        return body(UnsafeBufferPointer(start: start.assumingMemoryBound(to: UInt8.self), count: length))
    }

    /// A text; nil for NULL.
    public func string(_ row: Int) -> String? {
        isNull(row) ? nil : withBytes(row) { String(decoding: $0, as: UTF8.self) }
    }

    /// The member at `index` of a STRUCT.
    public func member(_ index: Int) -> InputVector { InputVector(duckdb_struct_vector_get_child(vector, idx_t(index))) }

    /// The elements of all lists; a row has those in ``elementRange(_:)``.
    public var elements: InputVector { InputVector(duckdb_list_vector_get_child(vector)) }

    /// The rows of ``elements`` that make up the list of a row; empty for NULL.
    public func elementRange(_ row: Int) -> Range<Int> {
        guard !isNull(row), let data else { return 0..<0 }
        let entry = data.load(fromByteOffset: row &* MemoryLayout<duckdb_list_entry>.stride, as: duckdb_list_entry.self)
        return Int(entry.offset)..<Int(entry.offset + entry.length)
    }

    /// Rows as they lie in memory, NULL or not.
    public func values<T: BitwiseCopyable>(_ range: Range<Int>, as _: T.Type) -> UnsafeBufferPointer<T> {
        guard !range.isEmpty, let data else { return UnsafeBufferPointer(start: nil, count: 0) }
        return UnsafeBufferPointer(start: data.assumingMemoryBound(to: T.self) + range.lowerBound, count: range.count)
    }
}
