import CDuckDB

/// Where a function written in Swift puts its results; valid only while the engine's call lasts.
public struct OutputVector {
    private let vector: duckdb_vector?
    @usableFromInline let data: UnsafeMutableRawPointer?

    init(_ vector: duckdb_vector?) {
        self.vector = vector
        data = duckdb_vector_get_data(vector)
    }

    /// Writes a fixed-width value, or NULL. Its width must be that of the SQL type.
    @inlinable
    public func set<T: BitwiseCopyable>(_ row: Int, _ value: T?) {
        guard let value else { return setNull(row) }
        data?.storeBytes(of: value, toByteOffset: row &* MemoryLayout<T>.stride, as: T.self)
    }

    /// Writes text, JSON or a blob. Text must be valid UTF-8.
    public func setBytes(_ row: Int, _ bytes: UnsafeBufferPointer<UInt8>) {
        guard bytes.count > 0 else { return duckdb_unsafe_vector_assign_string_element_len(vector, idx_t(row), "", 0) }
        bytes.withMemoryRebound(to: CChar.self) {
            duckdb_unsafe_vector_assign_string_element_len(vector, idx_t(row), $0.baseAddress, idx_t($0.count))
        }
    }

    /// Writes NULL. The members of a STRUCT have to be set to NULL as well.
    public func setNull(_ row: Int) {
        duckdb_vector_ensure_validity_writable(vector)
        duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), idx_t(row))
    }

    /// The member at `index` of a STRUCT.
    public func member(_ index: Int) -> OutputVector { OutputVector(duckdb_struct_vector_get_child(vector, idx_t(index))) }

    /// Writes a list of fixed-width values, or NULL.
    public func setList<T: BitwiseCopyable>(_ row: Int, _ values: [T]?) {
        let first = duckdb_list_vector_get_size(vector)
        let count = idx_t(values?.count ?? 0)
        set(row, duckdb_list_entry(offset: first, length: count))
        guard let values else { return setNull(row) }
        duckdb_list_vector_reserve(vector, first + count)
        duckdb_list_vector_set_size(vector, first + count)
        guard let data = duckdb_vector_get_data(duckdb_list_vector_get_child(vector)) else { return }
        values.withUnsafeBytes {
            (data + Int(first) &* MemoryLayout<T>.stride).copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(data), byteCount: $0.count)
        }
    }
}
