import DuckDBKit

/// Values of one column in the layout of Arrow: validity, offsets, data, children. Parquet pages are made from the same.
///
/// What stands in the place of a NULL is zero and never what the engine left there.
final class ColumnBuffer {
    let type: WireType
    private(set) var count = 0
    private(set) var nullCount = 0
    private(set) var validity = BitBuffer()
    /// Ends of texts in ``data`` or of lists in the child; the first is 0.
    private(set) var offsets: [Int32]
    /// Values of fixed width, little endian; bits of booleans are in ``bits``.
    private(set) var data: [UInt8] = []
    private(set) var bits = BitBuffer()
    let children: [ColumnBuffer]

    init(_ type: WireType) {
        self.type = type
        children = type.children.map { ColumnBuffer($0.type) }
        offsets =
            switch type {
            case .utf8, .binary, .list, .map: [0]
            default: []
            }
    }

    /// Bytes held, roughly.
    var byteCount: Int {
        children.reduce(data.count + offsets.count * 4 + count / 4) { $0 + $1.byteCount }
    }

    /// Whether the value at `index` is not NULL.
    func isValid(_ index: Int) -> Bool { nullCount == 0 || validity[index] }

    /// The elements of the list at `index`, as places in the child.
    func elements(_ index: Int) -> Range<Int> { Int(offsets[index])..<Int(offsets[index + 1]) }

    /// The bytes of a text.
    func text(_ index: Int) -> ArraySlice<UInt8> { data[Int(offsets[index])..<Int(offsets[index + 1])] }

    /// Appends rows of a chunk's column.
    ///
    /// - Throws: ``QueryError`` for a number that the column's wire type cannot hold.
    func append(_ source: ColumnSource, _ rows: Range<Int>) throws(QueryError) {
        for row in rows { try append(source, row) }
        guard data.count < Int(Int32.max), children.allSatisfy({ $0.count < Int(Int32.max) }) else {
            throw QueryError(code: .tooLarge, message: "the values of a column are too large for one batch; ask for fewer rows")
        }
    }

    private func append(_ source: ColumnSource, _ row: Int) throws(QueryError) {
        let reader = source.reader
        guard !reader.isNull(row), !Self.isInfinite(reader, row) else { return appendNull() }
        if case .null = type { return appendNull() }
        switch type {
        case .null: break
        case .boolean: bits.append(reader.bool(row))
        case .integer: try integer(reader, row)
        case .float: put(reader.float(row).bitPattern)
        case .double: put(reader.double(row).bitPattern)
        case .decimal: put(UInt128(bitPattern: reader.int128(row)))
        case .date: put(UInt32(bitPattern: Int32(truncatingIfNeeded: reader.int64(row))))
        case .time:
            if case .timeTZ = reader.type { put(reader.timeTZ(row).microseconds) } else { put(reader.int64(row)) }
        case .timestamp: put(reader.int64(row))
        case .interval: try interval(reader.interval(row))
        case .utf8, .binary:
            text(source, row)
            offsets.append(Int32(truncatingIfNeeded: data.count))
        case .list, .map:
            for element in reader.elementRange(row) { try children[0].append(source.children[0], element) }
            offsets.append(Int32(truncatingIfNeeded: children[0].count))
        case .structure:
            for index in children.indices { try children[index].append(source.children[index], row) }
        }
        validity.append(true)
        count += 1
    }

    private func appendNull() {
        switch type {
        case .boolean: bits.append(false)
        case .utf8, .binary, .list, .map: offsets.append(offsets[offsets.count - 1])
        case .structure: for child in children { child.appendNull() }
        default: data.append(contentsOf: repeatElement(0, count: type.width ?? 0))
        }
        validity.append(false)
        nullCount += 1
        count += 1
    }

    private func integer(_ reader: ColumnReader, _ row: Int) throws(QueryError) {
        switch reader.type {
        case .int128:
            guard let value = Int64(exactly: reader.int128(row)) else { throw Self.outOfRange("\(reader.int128(row))", "Int64") }
            put(value)
        case .uint128:
            guard let value = UInt64(exactly: reader.uint128(row)) else { throw Self.outOfRange("\(reader.uint128(row))", "UInt64") }
            put(value)
        case .int8, .uint8: data.append(UInt8(truncatingIfNeeded: reader.int64(row)))
        case .int16, .uint16: put(UInt16(truncatingIfNeeded: reader.int64(row)))
        case .int32, .uint32: put(UInt32(truncatingIfNeeded: reader.int64(row)))
        default: put(reader.uint64(row))
        }
    }

    private static func outOfRange(_ value: String, _ type: String) -> QueryError {
        QueryError(
            code: .execution, message: "\(value) is out of the range of \(type) in this format; cast the column to DECIMAL(38,0) or VARCHAR"
        )
    }

    private func interval(_ value: (months: Int32, days: Int32, microseconds: Int64)) throws(QueryError) {
        let (nanoseconds, overflow) = value.microseconds.multipliedReportingOverflow(by: 1_000)
        guard !overflow else { throw Self.outOfRange("\(value.microseconds) µs", "an interval") }
        put(value.months)
        put(value.days)
        put(nanoseconds)
    }

    private func text(_ source: ColumnSource, _ row: Int) {
        guard let writer = source.text else {
            if case .json = source.reader.type {
                var json = JSONText()
                source.reader.withBytes(row) { NumberText.document($0, to: &json) }
                return data.append(contentsOf: json.bytes)
            }
            return source.reader.withBytes(row) { data.append(contentsOf: $0) }
        }
        if case .enumeration(let names) = source.reader.type {
            return data.append(contentsOf: names[source.reader.enumerationIndex(row)].utf8)
        }
        var json = JSONText()
        writer.write(row, to: &json)
        // The texts of identifiers and bits have nothing that JSON would escape.
        if case .union = source.reader.type {
            data.append(contentsOf: json.bytes)
        } else {
            data.append(contentsOf: json.bytes.dropFirst().dropLast())
        }
    }

    /// The engine's infinite times have no place in the formats and are NULL in all of them.
    private static func isInfinite(_ reader: ColumnReader, _ row: Int) -> Bool {
        switch reader.type {
        case .date: reader.int64(row).magnitude == UInt64(Int32.max)
        case .timestamp, .timestampTZ, .timestampSeconds, .timestampMilliseconds, .timestampNanoseconds:
            reader.int64(row).magnitude == UInt64(Int64.max)
        default: false
        }
    }

    private func put(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) }
    }
}
