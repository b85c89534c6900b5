import DuckDBKit
import Storage

/// Writes the values of one column of a chunk as JSON, without an allocation per value.
///
/// A class, because a value of its size is copied for every call.
final class ValueWriter {
    private enum Form {
        case null, boolean, integer, unsigned, wide, wideUnsigned, float, double, text, json, blob, bit, uuid, date, interval, timeTZ
        case decimal(scale: Int)
        case time(places: Int)
        case timestamp(places: Int, isUTC: Bool)
        case enumeration([String])
        case list
        case object(keys: [[UInt8]])
        case union
        /// A map with text keys.
        case dictionary
        /// The JSON text of a number's word; `other` for numbers without.
        case word([[UInt8]], first: Int, other: [UInt8])
        /// A document without NaN and the like.
        case stored
        case attribute([AttributeText])
        case name(NameLookup)
        case constant([UInt8])
    }

    private let reader: ColumnReader
    private let form: Form
    /// What stands for NULL.
    private let null: [UInt8]
    /// The id whose name was written last, and what was written.
    private var lastName: (id: UInt64, json: [UInt8])?
    /// Writers of elements or members.
    private let inner: [ValueWriter]

    /// Whether values of the type can be written. Others have to be cast by the query.
    static func supports(_ type: ColumnType) -> Bool {
        switch type {
        case .bignum, .other: false
        case .list(let element), .array(let element, _): supports(element)
        case .structure(let fields), .union(let fields): fields.allSatisfy { supports($0.type) }
        case .map(let key, let value): supports(key) && supports(value)
        default: true
        }
    }

    /// - Parameter value: what is made of the values of a column; for ``RowLayout/Value/same`` they are written by the column's type.
    convenience init(_ reader: ColumnReader, as value: RowLayout.Value) {
        switch value {
        case .same: self.init(reader)
        case .document(let document): self.init(reader, form: .stored, null: Array(document.utf8))
        case .texts: self.init(reader, form: .stored)
        case .word(let words, let first, let other):
            let other = Self.json(other)
            self.init(reader, form: .word(words.map(Self.json), first: first, other: other), null: other)
        case .microseconds: self.init(reader, form: .timestamp(places: 6, isUTC: true))
        case .attribute(let texts): self.init(reader, form: .attribute(texts))
        case .name(let lookup): self.init(reader, form: .name(lookup))
        case .number(let number):
            var json = JSONText()
            NumberText.double(number, to: &json)
            self.init(reader, form: .constant(json.bytes), null: json.bytes)
        }
    }

    private init(_ reader: ColumnReader, form: Form, null: [UInt8] = nullText) {
        self.reader = reader
        self.form = form
        self.null = null
        inner = []
    }

    private static let nullText = Array("null".utf8)

    private static func json(_ text: String) -> [UInt8] {
        var json = JSONText()
        json.string(text)
        return json.bytes
    }

    init(_ reader: ColumnReader) {
        self.reader = reader
        null = Self.nullText
        var inner: [ValueWriter] = []
        switch reader.type {
        case .boolean: form = .boolean
        case .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32: form = .integer
        case .uint64: form = .unsigned
        case .int128: form = .wide
        case .uint128: form = .wideUnsigned
        case .float: form = .float
        case .double: form = .double
        case .decimal(_, let scale, _): form = .decimal(scale: scale)
        case .varchar: form = .text
        case .json: form = .json
        case .blob: form = .blob
        case .bit: form = .bit
        case .uuid: form = .uuid
        case .date: form = .date
        case .time: form = .time(places: 6)
        case .timeNanoseconds: form = .time(places: 9)
        case .timeTZ: form = .timeTZ
        case .timestamp: form = .timestamp(places: 6, isUTC: false)
        case .timestampTZ: form = .timestamp(places: 6, isUTC: true)
        case .timestampSeconds: form = .timestamp(places: 0, isUTC: false)
        case .timestampMilliseconds: form = .timestamp(places: 3, isUTC: false)
        case .timestampNanoseconds: form = .timestamp(places: 9, isUTC: false)
        case .interval: form = .interval
        case .enumeration(let names): form = .enumeration(names)
        case .list, .array:
            inner = [ValueWriter(reader.elements)]
            form = .list
        case .structure(let fields):
            inner = fields.indices.map { ValueWriter(reader.member($0)) }
            form = .object(keys: fields.map { ResultEncoder.key($0.name) })
        case .union(let fields):
            inner = fields.indices.map { ValueWriter(reader.member($0)) }
            form = .union
        case .map(let key, _):
            let entries = reader.elements
            inner = [ValueWriter(entries), ValueWriter(entries.member(0)), ValueWriter(entries.member(1))]
            form = key == .varchar ? .dictionary : .list
        case .null, .bignum, .other: form = .null
        }
        self.inner = inner
    }

    /// Appends the value of a row.
    func write(_ row: Int, to json: inout JSONText) {
        if reader.isNull(row) { return json.bytes.append(contentsOf: null) }
        switch form {
        case .null: json.raw("null")
        case .stored: reader.withBytes(row) { json.bytes.append(contentsOf: $0) }
        case .constant(let text): json.bytes.append(contentsOf: text)
        case .word(let words, let first, let other):
            let index = Int(reader.int64(row)) - first
            json.bytes.append(contentsOf: words.indices.contains(index) ? words[index] : other)
        case .attribute(let texts): attribute(row, texts, to: &json)
        case .name(let lookup): name(reader.uint64(row), lookup, to: &json)
        case .boolean: json.raw(reader.bool(row) ? "true" : "false")
        case .integer: TimeText.integer(reader.int64(row), to: &json)
        case .unsigned: TimeText.digits(reader.uint64(row), width: 1, to: &json)
        case .wide: NumberText.wide(reader.int128(row), to: &json)
        case .wideUnsigned: NumberText.wide(reader.uint128(row), to: &json)
        case .float: NumberText.float(reader.float(row), to: &json)
        case .double: NumberText.double(reader.double(row), to: &json)
        case .decimal(let scale): NumberText.decimal(reader.int128(row), scale: scale, to: &json)
        case .text: reader.withBytes(row) { json.string($0) }
        case .json: reader.withBytes(row) { NumberText.document($0, to: &json) }
        case .blob: reader.withBytes(row) { NumberText.hexadecimal($0, to: &json) }
        case .bit: reader.withBytes(row) { NumberText.bits($0, to: &json) }
        case .uuid: NumberText.uuid(reader.uuid(row), to: &json)
        case .date:
            guard reader.int64(row).magnitude != UInt64(Int32.max) else { return json.raw("null") }
            json.raw(UInt8(ascii: "\""))
            TimeText.date(reader.int64(row), to: &json)
            json.raw(UInt8(ascii: "\""))
        case .time(let places): time(reader.int64(row), places: places, to: &json)
        case .timeTZ: time(reader.timeTZ(row).microseconds, places: 6, to: &json)
        case .timestamp(let places, let isUTC): TimeText.timestamp(reader.int64(row), places: places, isUTC: isUTC, to: &json)
        case .interval:
            let value = reader.interval(row)
            TimeText.interval(months: value.months, days: value.days, microseconds: value.microseconds, to: &json)
        case .enumeration(let names): json.string(names[reader.enumerationIndex(row)])
        case .union: inner[reader.unionMember(row)].write(row, to: &json)
        case .list: list(row, inner[0], to: &json)
        case .object(let keys): object(row, keys, to: &json)
        case .dictionary: dictionary(row, to: &json)
        }
    }

    /// Appends the value of a row as a field of comma-separated values.
    func writeField(_ row: Int, to text: inout JSONText) {
        if reader.isNull(row) { return }
        switch form {
        case .text, .json: reader.withBytes(row) { CSVText.field($0, to: &text) }
        case .enumeration(let names):
            var name = names[reader.enumerationIndex(row)]
            name.withUTF8 { CSVText.field($0, to: &text) }
        case .list, .object, .union, .dictionary:
            var json = JSONText()
            write(row, to: &json)
            json.bytes.withUnsafeBufferPointer { CSVText.field($0, to: &text) }
        default:
            // Times and such are JSON strings without characters that need quotes; null stands for numbers without a value.
            let start = text.bytes.count
            write(row, to: &text)
            if text.bytes[start] == UInt8(ascii: "\"") {
                text.bytes.removeLast()
                text.bytes.remove(at: start)
            } else if text.bytes[start] == UInt8(ascii: "n") {
                text.bytes.removeSubrange(start...)
            }
        }
    }

    private func attribute(_ row: Int, _ texts: [AttributeText], to json: inout JSONText) {
        reader.withBytes(row) { attributes in
            var text: [UInt8] = []
            guard texts.contains(where: { $0.append(of: attributes, to: &text) }) else { return json.raw("null") }
            text.withUnsafeBufferPointer { json.string($0) }
        }
    }

    /// Rows of the same resource or scope follow each other, so its text is kept.
    private func name(_ id: UInt64, _ lookup: NameLookup, to json: inout JSONText) {
        if lastName?.id != id { lastName = (id, Self.json(lookup, id)) }
        if let lastName { json.bytes.append(contentsOf: lastName.json) }
    }

    private static func json(_ lookup: NameLookup, _ id: UInt64) -> [UInt8] {
        guard let text = lookup.text(of: id) else { return nullText }
        var json = JSONText()
        text.withUnsafeBufferPointer { text in
            switch lookup.kind {
            case .text: json.string(text)
            case .json: NumberText.document(text, to: &json)
            case .number: json.bytes.append(contentsOf: text)
            }
        }
        return json.bytes
    }

    private func time(_ units: Int64, places: Int, to json: inout JSONText) {
        json.raw(UInt8(ascii: "\""))
        TimeText.timeOfDay(units, places: places, to: &json)
        json.raw(UInt8(ascii: "\""))
    }

    private func list(_ row: Int, _ element: ValueWriter, to json: inout JSONText) {
        json.raw(UInt8(ascii: "["))
        let range = reader.elementRange(row)
        for index in range {
            if index > range.lowerBound { json.raw(UInt8(ascii: ",")) }
            element.write(index, to: &json)
        }
        json.raw(UInt8(ascii: "]"))
    }

    private func object(_ row: Int, _ keys: [[UInt8]], to json: inout JSONText) {
        json.raw(UInt8(ascii: "{"))
        for index in inner.indices {
            if index > 0 { json.raw(UInt8(ascii: ",")) }
            json.bytes.append(contentsOf: keys[index])
            inner[index].write(row, to: &json)
        }
        json.raw(UInt8(ascii: "}"))
    }

    private func dictionary(_ row: Int, to json: inout JSONText) {
        json.raw(UInt8(ascii: "{"))
        let range = reader.elementRange(row)
        for index in range {
            if index > range.lowerBound { json.raw(UInt8(ascii: ",")) }
            inner[1].write(index, to: &json)
            json.raw(UInt8(ascii: ":"))
            inner[2].write(index, to: &json)
        }
        json.raw(UInt8(ascii: "}"))
    }
}
