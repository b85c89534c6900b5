import DuckDBKit

/// Encodes rows as batches of columns: record batches of an Arrow stream, or row groups of a Parquet file.
struct ColumnarEncoder {
    private enum Form {
        case arrow
        case parquet(ParquetFile)
    }

    private var form: Form
    private let names: [String]
    private let types: [WireType]
    private var columns: [ColumnBuffer] = []
    private var rowCount = 0
    /// Bytes that are ready.
    private var output: [UInt8]

    /// Bytes of columns that make a batch: a row group packs the better the larger it is.
    private var batchBytes: Int { if case .arrow = form { 256 << 10 } else { 4 << 20 } }

    init(names: [String], types: [ColumnType], isParquet: Bool) {
        self.names = names
        self.types = types.map(WireType.init)
        if isParquet {
            var file = ParquetFile(names: names, types: self.types)
            output = file.head()
            form = .parquet(file)
        } else {
            output = ArrowMessages.schema(names: names, types: self.types)
            form = .arrow
        }
        columns = self.types.map { ColumnBuffer($0) }
    }

    /// Appends rows of a chunk. Returns the bytes that they take, before compression.
    mutating func append(_ chunk: DataChunk, _ range: Range<Int>) throws(QueryError) -> Int {
        let before = columns.reduce(0) { $0 + $1.byteCount }
        for index in columns.indices { try columns[index].append(ColumnSource(chunk.column(index)), range) }
        let after = columns.reduce(0) { $0 + $1.byteCount }
        rowCount += range.count
        if after >= batchBytes { try flush() }
        return after - before
    }

    private mutating func flush() throws(QueryError) {
        guard rowCount > 0 else { return }
        switch form {
        case .arrow: output.append(contentsOf: ArrowMessages.batch(columns, rowCount: rowCount))
        case .parquet(var file):
            output.append(contentsOf: try file.group(columns, rowCount: rowCount))
            form = .parquet(file)
        }
        columns = types.map { ColumnBuffer($0) }
        rowCount = 0
    }

    /// Bytes that are ready to be taken.
    var readyBytes: Int { output.count }

    mutating func take() -> [UInt8] {
        defer { output = [] }
        return output
    }

    /// What is left, and the end.
    mutating func finish() throws(QueryError) -> [UInt8] {
        try flush()
        switch form {
        case .arrow: output.append(contentsOf: ArrowMessages.end)
        case .parquet(let file): output.append(contentsOf: file.end())
        }
        return take()
    }
}
