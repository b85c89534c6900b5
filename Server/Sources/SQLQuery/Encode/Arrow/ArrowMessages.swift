/// Messages of the Arrow IPC streaming format: metadata as FlatBuffers, then the buffers of the columns.
enum ArrowMessages {
    private static let version: Int16 = 4
    private static let schemaHeader: UInt8 = 1
    private static let batchHeader: UInt8 = 3

    /// The end of a stream.
    static let end: [UInt8] = [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]

    static func schema(names: [String], types: [WireType]) -> [UInt8] {
        var buffer = FlatBuffer()
        let fields = zip(names, types).map { field(WireType.Field(name: $0, type: $1), &buffer) }
        let list = buffer.vector(fields)
        let schema = buffer.table([.int16(0), .reference(list)])
        return framed(message(buffer, header: schema, kind: schemaHeader, bodyLength: 0), body: [])
    }

    static func batch(_ columns: [ColumnBuffer], rowCount: Int) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(columns.reduce(0) { $0 + $1.byteCount } + 128 * columns.count)
        var nodes: [(Int64, Int64)] = []
        var buffers: [(Int64, Int64)] = []
        func add(_ bytes: [UInt8]) {
            buffers.append((Int64(body.count), Int64(bytes.count)))
            body.append(contentsOf: bytes)
            body.append(contentsOf: repeatElement(0, count: (8 - body.count % 8) % 8))
        }
        func visit(_ column: ColumnBuffer) {
            nodes.append((Int64(column.count), Int64(column.nullCount)))
            if case .null = column.type { return }
            add(column.nullCount == 0 ? [] : column.validity.bytes)
            switch column.type {
            case .boolean: add(column.bits.bytes)
            case .utf8, .binary:
                add(bytes(of: column.offsets))
                add(column.data)
            case .list, .map: add(bytes(of: column.offsets))
            case .structure, .null: break
            default: add(column.data)
            }
            column.children.forEach(visit)
        }
        columns.forEach(visit)
        var buffer = FlatBuffer()
        let places = buffer.vector(pairs: buffers)
        let lengths = buffer.vector(pairs: nodes)
        let batch = buffer.table([.int64(Int64(rowCount)), .reference(lengths), .reference(places)])
        return framed(message(buffer, header: batch, kind: batchHeader, bodyLength: body.count), body: body)
    }

    private static func bytes(of offsets: [Int32]) -> [UInt8] { offsets.withUnsafeBytes { Array($0) } }

    private static func message(_ buffer: consuming FlatBuffer, header: Int, kind: UInt8, bodyLength: Int) -> [UInt8] {
        let root = buffer.table([.int16(version), .byte(kind), .reference(header), .int64(Int64(bodyLength))])
        return buffer.finish(root)
    }

    private static func framed(_ metadata: [UInt8], body: [UInt8]) -> [UInt8] {
        let padding = (8 - metadata.count % 8) % 8
        var bytes: [UInt8] = []
        bytes.reserveCapacity(8 + metadata.count + padding + body.count)
        bytes.append(contentsOf: repeatElement(0xff, count: 4))
        withUnsafeBytes(of: Int32(metadata.count + padding).littleEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: metadata)
        bytes.append(contentsOf: repeatElement(0, count: padding))
        bytes.append(contentsOf: body)
        return bytes
    }

    // MARK: Types

    private static func field(_ field: WireType.Field, _ buffer: inout FlatBuffer) -> Int {
        let children = field.type.children.map { self.field($0, &buffer) }
        let list = buffer.vector(children)
        let (kind, type) = self.type(field.type, &buffer)
        let name = buffer.string(field.name)
        return buffer.table([
            .reference(name), .byte(field.isNullable ? 1 : 0), .byte(kind), .reference(type), .absent, .reference(list),
        ])
    }

    /// The number of a type in the format's union of types, and its table.
    private static func type(_ type: WireType, _ buffer: inout FlatBuffer) -> (kind: UInt8, place: Int) {
        switch type {
        case .null: return (1, buffer.table([]))
        case .integer(let bits, let isSigned): return (2, buffer.table([.int32(Int32(bits)), .byte(isSigned ? 1 : 0)]))
        case .float: return (3, buffer.table([.int16(1)]))
        case .double: return (3, buffer.table([.int16(2)]))
        case .binary: return (4, buffer.table([]))
        case .utf8: return (5, buffer.table([]))
        case .boolean: return (6, buffer.table([]))
        case .decimal(let width, let scale): return (7, buffer.table([.int32(Int32(width)), .int32(Int32(scale)), .int32(128)]))
        case .date: return (8, buffer.table([.int16(0)]))
        case .time(let places): return (9, buffer.table([.int16(unit(places)), .int32(64)]))
        case .timestamp(let places, let isUTC):
            if isUTC {
                let zone = buffer.string("UTC")
                return (10, buffer.table([.int16(unit(places)), .reference(zone)]))
            } else {
                return (10, buffer.table([.int16(unit(places))]))
            }
        case .interval: return (11, buffer.table([.int16(2)]))
        case .list: return (12, buffer.table([]))
        case .structure: return (13, buffer.table([]))
        case .map: return (17, buffer.table([.byte(0)]))
        }
    }

    private static func unit(_ places: Int) -> Int16 { Int16(places / 3) }
}
