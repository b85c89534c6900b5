import CDuckDB
import CDuckDBGuard

/// Writes the values of one column of a ``FeedChunk``; valid only inside ``FeedChunk/column(_:)``.
///
/// The width of a written value must be that of the column: `UInt8` for UTINYINT, `Int64` for BIGINT and both timestamp types, …
/// Rows are counted from 0 and must be below ``FeedChunk/capacity``.
public struct ColumnWriter: ~Copyable {
    private let vector: duckdb_vector?
    @usableFromInline let data: UnsafeMutableRawPointer
    private var validity: UnsafeMutablePointer<UInt64>?
    private var listCapacity = 0
    /// Whether the engine had no memory for a value.
    private(set) var hasFailed = false

    init(vector: duckdb_vector?) {
        self.vector = vector
        data = duckdb_vector_get_data(vector)
    }

    /// Writes a fixed-width value.
    @inlinable
    public mutating func set<T: BitwiseCopyable>(_ row: Int, _ value: T) {
        data.storeBytes(of: value, toByteOffset: row &* MemoryLayout<T>.stride, as: T.self)
    }

    /// Writes a fixed-width value, or NULL.
    @inlinable
    public mutating func set<T: BitwiseCopyable>(_ row: Int, _ value: T?) {
        if let value { set(row, value) } else { setNull(row) }
    }

    /// Writes NULL.
    public mutating func setNull(_ row: Int) {
        if validity == nil {
            hasFailed = !hearth_vector_make_nullable(vector) || hasFailed
            validity = duckdb_vector_get_validity(vector)
        }
        validity?[row >> 6] &= ~(1 << UInt64(row & 63))
    }

    /// Writes text or a blob. Text must be valid UTF-8: it is not checked again.
    public mutating func setBytes(_ row: Int, _ bytes: UnsafeBufferPointer<UInt8>) {
        hasFailed = !VectorText.assign(vector, row, bytes) || hasFailed
    }

    /// Writes text, or NULL.
    public mutating func setText(_ row: Int, _ text: String?) {
        guard var text else { return setNull(row) }
        text.withUTF8 { setBytes(row, $0) }
    }

    private mutating func addList(_ row: Int, count: Int) throws(DuckDBError) -> Int {
        // A chunk may be written in several goes: go on behind the elements that are there.
        let start = Int(duckdb_list_vector_get_size(vector))
        let end = start + count
        if end > listCapacity {
            listCapacity = max(end, listCapacity * 2, 64)
            guard hearth_list_vector_reserve(vector, idx_t(listCapacity)) else {
                throw .init(code: .outOfMemory, message: "the engine could not make room for \(end) list elements")
            }
        }
        guard hearth_list_vector_set_size(vector, idx_t(end)) else {
            throw .init(code: .outOfMemory, message: "the engine could not make room for \(end) list elements")
        }
        set(row, duckdb_list_entry(offset: UInt64(start), length: UInt64(count)))
        return start
    }

    /// Writes a list of fixed-width values.
    public mutating func setList<T: BitwiseCopyable>(_ row: Int, _ values: some Collection<T>) throws(DuckDBError) {
        let start = try addList(row, count: values.count)
        guard !values.isEmpty, let elements = duckdb_vector_get_data(duckdb_list_vector_get_child(vector)) else { return }
        for (index, value) in values.enumerated() {
            elements.storeBytes(of: value, toByteOffset: (start + index) * MemoryLayout<T>.stride, as: T.self)
        }
    }

    /// Writes a list of texts.
    public mutating func setTextList(_ row: Int, _ values: [String]) throws(DuckDBError) {
        let start = try addList(row, count: values.count)
        let child = duckdb_list_vector_get_child(vector)
        for (index, text) in values.enumerated() {
            var text = text
            text.withUTF8 { hasFailed = !VectorText.assign(child, start + index, $0) || hasFailed }
        }
    }
}

enum VectorText {
    /// Puts bytes into a row.
    ///
    /// - Returns: false when the engine has no memory for them.
    static func assign(_ vector: duckdb_vector?, _ row: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.count > 0 else { return hearth_vector_assign_bytes(vector, idx_t(row), "", 0) }
        return bytes.withMemoryRebound(to: CChar.self) { hearth_vector_assign_bytes(vector, idx_t(row), $0.baseAddress, idx_t($0.count)) }
    }
}
