import CZstd

/// Writes a Parquet file front to back: row groups as rows come, the metadata at the end. One page per column and row group, values plain,
/// pages compressed with zstd.
struct ParquetFile {
    private struct Chunk {
        var leaf: ParquetSchema.Leaf
        var valueCount: Int
        var offset: Int
        var packedBytes: Int
        var bytes: Int
    }

    private struct RowGroup {
        var chunks: [Chunk]
        var rowCount: Int
    }

    private static let magic = Array("PAR1".utf8)
    private static let zstd = 6
    private static let plain = 0
    private static let runLength = 3

    private let schema: ParquetSchema
    private var groups: [RowGroup] = []
    private var position = 0

    init(names: [String], types: [WireType]) { schema = ParquetSchema(names: names, types: types) }

    /// The file's first bytes.
    mutating func head() -> [UInt8] {
        position = Self.magic.count
        return Self.magic
    }

    /// The bytes of a row group.
    ///
    /// - Throws: ``QueryError`` when there is no memory to compress it.
    mutating func group(_ columns: [ColumnBuffer], rowCount: Int) throws(QueryError) -> [UInt8] {
        let leaves = schema.leaves.map(ParquetLeaf.init)
        var used = 0
        for column in columns { used += ParquetLeaf.add(column, to: leaves[used...]) }
        var bytes: [UInt8] = []
        var chunks: [Chunk] = []
        for (leaf, column) in zip(schema.leaves, leaves) {
            let page = column.page()
            let packed = try Self.pack(page)
            let header = Self.header(page.count, packed.count, valueCount: column.count)
            chunks.append(
                Chunk(
                    leaf: leaf, valueCount: column.count, offset: position + bytes.count, packedBytes: header.count + packed.count,
                    bytes: header.count + page.count))
            bytes.append(contentsOf: header)
            bytes.append(contentsOf: packed)
        }
        groups.append(RowGroup(chunks: chunks, rowCount: rowCount))
        position += bytes.count
        return bytes
    }

    /// The file's last bytes.
    func end() -> [UInt8] {
        var thrift = ThriftCompact()
        thrift.members { thrift in
            thrift.int32(1, 2)
            schema.write(2, to: &thrift)
            thrift.int64(3, groups.reduce(0) { $0 + $1.rowCount })
            thrift.list(4, groups) { thrift, group in
                thrift.list(1, group.chunks) { thrift, chunk in
                    thrift.int64(2, chunk.offset)
                    thrift.structure(3) { Self.write(chunk, to: &$0) }
                }
                thrift.int64(2, group.chunks.reduce(0) { $0 + $1.bytes })
                thrift.int64(3, group.rowCount)
            }
            thrift.text(6, "hearth")
        }
        var bytes = thrift.bytes
        withUnsafeBytes(of: UInt32(thrift.bytes.count).littleEndian) { bytes.append(contentsOf: $0) }
        return bytes + Self.magic
    }

    private static func write(_ chunk: Chunk, to thrift: inout ThriftCompact) {
        thrift.int32(1, chunk.leaf.physical.rawValue)
        thrift.list(2, int32: [plain, runLength])
        thrift.list(3, text: chunk.leaf.path)
        thrift.int32(4, zstd)
        thrift.int64(5, chunk.valueCount)
        thrift.int64(6, chunk.bytes)
        thrift.int64(7, chunk.packedBytes)
        thrift.int64(9, chunk.offset)
    }

    private static func header(_ size: Int, _ packedSize: Int, valueCount: Int) -> [UInt8] {
        var thrift = ThriftCompact()
        thrift.members { thrift in
            thrift.int32(1, 0)
            thrift.int32(2, size)
            thrift.int32(3, packedSize)
            thrift.structure(5) { thrift in
                thrift.int32(1, valueCount)
                thrift.int32(2, plain)
                thrift.int32(3, runLength)
                thrift.int32(4, runLength)
            }
        }
        return thrift.bytes
    }

    private static func pack(_ page: [UInt8]) throws(QueryError) -> [UInt8] {
        let capacity = ZSTD_compressBound(page.count)
        var size = 0
        let packed = [UInt8](unsafeUninitializedCapacity: capacity) { target, count in
            size = page.withUnsafeBytes { ZSTD_compress(target.baseAddress, capacity, $0.baseAddress, $0.count, 1) }
            count = ZSTD_isError(size) == 0 ? size : 0
        }
        guard ZSTD_isError(size) == 0 else {
            throw QueryError(code: .outOfMemory, message: "the result could not be compressed: \(String(cString: ZSTD_getErrorName(size)))")
        }
        return packed
    }
}
