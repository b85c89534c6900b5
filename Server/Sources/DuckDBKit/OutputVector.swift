import CDuckDB
import CDuckDBGuard

/// Where a function written in Swift puts its results; valid only while the engine's call lasts.
public struct OutputVector {
    private let vector: duckdb_vector?
    @usableFromInline let data: UnsafeMutableRawPointer?
    /// Set when the engine has no memory for a value; lives as long as its call.
    private let hasFailed: UnsafeMutablePointer<Bool>

    static let noMemory = "Out of Memory Error: the engine has no memory for the results of a function"

    init(_ vector: duckdb_vector?, _ hasFailed: UnsafeMutablePointer<Bool>) {
        self.vector = vector
        self.hasFailed = hasFailed
        data = duckdb_vector_get_data(vector)
    }

    /// Writes a fixed-width value, or NULL. Its width must be that of the SQL type.
    @inlinable
    public func set<T: BitwiseCopyable>(_ row: Int, _ value: T?) {
        guard let value else { return setNull(row) }
        data?.storeBytes(of: value, toByteOffset: row &* MemoryLayout<T>.stride, as: T.self)
    }

    /// Writes the same fixed-width value to the first rows.
    @inlinable
    public func fill<T: BitwiseCopyable>(_ count: Int, with value: T) {
        data?.assumingMemoryBound(to: T.self).update(repeating: value, count: count)
    }

    /// Writes text, JSON or a blob. Text must be valid UTF-8.
    public func setBytes(_ row: Int, _ bytes: UnsafeBufferPointer<UInt8>) {
        if !VectorText.assign(vector, row, bytes) { hasFailed.pointee = true }
    }

    /// Writes NULL. The members of a STRUCT have to be set to NULL as well.
    public func setNull(_ row: Int) {
        guard hearth_vector_make_nullable(vector) else { return hasFailed.pointee = true }
        duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), idx_t(row))
    }

    /// The member at `index` of a STRUCT.
    public func member(_ index: Int) -> OutputVector { OutputVector(duckdb_struct_vector_get_child(vector, idx_t(index)), hasFailed) }

    /// Writes a list of fixed-width values, or NULL.
    public func setList<T: BitwiseCopyable>(_ row: Int, _ values: [T]?) {
        let first = duckdb_list_vector_get_size(vector)
        let count = idx_t(values?.count ?? 0)
        set(row, duckdb_list_entry(offset: first, length: count))
        guard let values else { return setNull(row) }
        guard hearth_list_vector_reserve(vector, first + count), hearth_list_vector_set_size(vector, first + count) else {
            return hasFailed.pointee = true
        }
        guard let data = duckdb_vector_get_data(duckdb_list_vector_get_child(vector)) else { return }
        values.withUnsafeBytes {
            (data + Int(first) &* MemoryLayout<T>.stride).copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(data), byteCount: $0.count)
        }
    }
}
