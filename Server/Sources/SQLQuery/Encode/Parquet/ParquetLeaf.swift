/// The values of one leaf of a row group, with the levels that tell where lists and structures begin and what is NULL (Dremel's encoding).
final class ParquetLeaf {
    private let leaf: ParquetSchema.Leaf
    private let definitions: LevelRuns
    private let repetitions: LevelRuns
    private var values: [UInt8] = []
    private var bits = BitBuffer()
    private(set) var count = 0

    init(_ leaf: ParquetSchema.Leaf) {
        self.leaf = leaf
        definitions = LevelRuns(maximum: leaf.definition)
        repetitions = LevelRuns(maximum: leaf.repetition)
    }

    private func level(_ repetition: Int, _ definition: Int) {
        repetitions.append(repetition)
        definitions.append(definition)
        count += 1
    }

    /// Adds the rows of a column to its leaves, which are the first of `leaves`; returns how many they are.
    static func add(_ column: ColumnBuffer, to leaves: ArraySlice<ParquetLeaf>) -> Int {
        var used = 0
        for row in 0..<column.count {
            used = write(column, row, Place(repetition: 0, definition: 0, depth: 0, isNullable: true), leaves)
        }
        return column.count > 0 ? used : Self.leafCount(column)
    }

    private struct Place {
        var repetition: Int
        var definition: Int
        /// Lists around the value.
        var depth: Int
        var isNullable: Bool
    }

    private static func leafCount(_ column: ColumnBuffer) -> Int {
        column.children.isEmpty ? 1 : column.children.reduce(0) { $0 + leafCount($1) }
    }

    /// Returns how many of the leaves belong to the value.
    private static func write(_ column: ColumnBuffer, _ index: Int, _ place: Place, _ leaves: ArraySlice<ParquetLeaf>) -> Int {
        guard column.isValid(index) else { return writeNull(column, place, leaves) }
        var place = place
        if place.isNullable { place.definition += 1 }
        switch column.type {
        case .list:
            return writeList(column, index, place, leaves) { element, place in write(column.children[0], element, place, leaves) }
        case .map:
            let (key, value) = (column.children[0].children[0], column.children[0].children[1])
            return writeList(column, index, place, leaves) { element, place in
                var place = place
                place.isNullable = false
                let first = write(key, element, place, leaves)
                place.isNullable = true
                return first + write(value, element, place, leaves.dropFirst(first))
            }
        case .structure:
            var used = 0
            place.isNullable = true
            for child in column.children { used += write(child, index, place, leaves.dropFirst(used)) }
            return used
        default:
            let leaf = leaves[leaves.startIndex]
            leaf.level(place.repetition, place.definition)
            leaf.put(column, index)
            return 1
        }
    }

    private static func writeList(
        _ column: ColumnBuffer, _ index: Int, _ place: Place, _ leaves: ArraySlice<ParquetLeaf>, _ element: (Int, Place) -> Int
    ) -> Int {
        let range = column.elements(index)
        if range.isEmpty { return writeNull(column, place, leaves) }
        var inner = Place(repetition: place.repetition, definition: place.definition + 1, depth: place.depth + 1, isNullable: true)
        var used = 0
        for position in range {
            used = element(position, inner)
            inner.repetition = inner.depth
        }
        return used
    }

    private static func writeNull(_ column: ColumnBuffer, _ place: Place, _ leaves: ArraySlice<ParquetLeaf>) -> Int {
        let used = leafCount(column)
        for leaf in leaves.prefix(used) { leaf.level(place.repetition, place.definition) }
        return used
    }

    private func put(_ column: ColumnBuffer, _ index: Int) {
        switch column.type {
        case .boolean: bits.append(column.bits[index])
        case .utf8, .binary: put(text: column.text(index))
        case .interval: put(text: Self.interval(column.data[(16 * index)..<(16 * index + 16)])[...])
        case .decimal: values.append(contentsOf: column.data[(16 * index)..<(16 * index + 16)].reversed())
        case .integer(let bits, let isSigned) where bits < 32:
            let width = bits / 8
            let bytes = column.data[(width * index)..<(width * (index + 1))]
            let isNegative = isSigned && (bytes.last ?? 0) & 0x80 != 0
            values.append(contentsOf: bytes)
            values.append(contentsOf: repeatElement(isNegative ? 0xff : 0, count: 4 - width))
        case .timestamp(places: 0, _):
            let seconds = column.data[(8 * index)..<(8 * index + 8)].reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) }
            withUnsafeBytes(of: (seconds &* 1_000).littleEndian) { values.append(contentsOf: $0) }
        default:
            let width = column.type.width ?? 0
            values.append(contentsOf: column.data[(width * index)..<(width * (index + 1))])
        }
    }

    private func put(text: ArraySlice<UInt8>) {
        withUnsafeBytes(of: UInt32(text.count).littleEndian) { values.append(contentsOf: $0) }
        values.append(contentsOf: text)
    }

    private static func interval(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        func number(_ range: Range<Int>) -> Int64 {
            range.reversed().reduce(Int64(0)) { $0 << 8 | Int64(bytes[bytes.startIndex + $1]) }
        }
        var json = JSONText()
        TimeText.interval(
            months: Int32(truncatingIfNeeded: number(0..<4)), days: Int32(truncatingIfNeeded: number(4..<8)),
            microseconds: number(8..<16) / 1_000, to: &json)
        return Array(json.bytes.dropFirst().dropLast())
    }

    // MARK: Page

    /// The page's bytes: repetition levels, definition levels, values.
    func page() -> [UInt8] {
        var bytes: [UInt8] = []
        for (runs, maximum) in [(repetitions, leaf.repetition), (definitions, leaf.definition)] where maximum > 0 {
            let encoded = runs.bytes()
            withUnsafeBytes(of: UInt32(encoded.count).littleEndian) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: encoded)
        }
        bytes.append(contentsOf: leaf.physical == .boolean ? bits.bytes : values)
        return bytes
    }
}

/// Levels of one kind in the format's hybrid encoding, of which only the runs of equal values are used.
private final class LevelRuns {
    private let width: Int
    private var encoded: [UInt8] = []
    private var value = 0
    private var length = 0

    init(maximum: Int) { width = maximum > 255 ? 2 : 1 }

    func append(_ level: Int) {
        if level != value { flush() }
        value = level
        length += 1
    }

    private func flush() {
        guard length > 0 else { return }
        ThriftCompact.varint(UInt64(length) << 1, to: &encoded)
        encoded.append(UInt8(truncatingIfNeeded: value))
        if width == 2 { encoded.append(UInt8(truncatingIfNeeded: value >> 8)) }
        length = 0
    }

    func bytes() -> [UInt8] {
        flush()
        return encoded
    }
}
