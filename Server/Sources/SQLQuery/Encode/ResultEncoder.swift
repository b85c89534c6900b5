import DuckDBKit

/// Turns result chunks into the bytes of a ``ResultFormat``.
struct ResultEncoder {
    let format: ResultFormat
    let names: [String]
    private let types: [ColumnType]
    /// `"name":` of each column.
    private let keys: [[UInt8]]
    /// Rows one after the other, or each column's values.
    private var rows = JSONText()
    private var values: [JSONText]
    private(set) var rowCount = 0
    /// Bytes so far.
    private(set) var byteCount = 0

    /// - Throws: ``QueryError`` when a column's values have no JSON form.
    init(names: [String], types: [ColumnType], format: ResultFormat) throws(QueryError) {
        self.format = format
        self.names = Self.unique(names)
        self.types = types
        keys = self.names.map(Self.key)
        values = format == .columns ? Array(repeating: JSONText(), count: names.count) : []
        if let index = types.firstIndex(where: { !ValueWriter.supports($0) }) {
            throw QueryError(code: .execution, message: "column \(names[index]) has a type that cannot be returned; cast it to VARCHAR")
        }
    }

    /// `"name":`.
    static func key(_ name: String) -> [UInt8] {
        var json = JSONText()
        json.string(name)
        json.raw(UInt8(ascii: ":"))
        return json.bytes
    }

    /// Names with a number appended where one was there before.
    static func unique(_ names: [String]) -> [String] {
        var seen = Set<String>()
        let given = Set(names)
        return names.map { name in
            var candidate = name
            var number = 0
            while (number > 0 && given.contains(candidate)) || !seen.insert(candidate).inserted {
                number += 1
                candidate = "\(name)_\(number)"
            }
            return candidate
        }
    }

    /// Appends the rows of a chunk, at most until there are `limit` in all.
    mutating func append(_ chunk: DataChunk, limit: Int) {
        let count = min(chunk.rowCount, limit - rowCount)
        guard count > 0 else { return }
        let writers = keys.indices.map { ValueWriter(chunk.column($0)) }
        switch format {
        case .columns:
            byteCount = 0
            for index in writers.indices {
                for row in 0..<count {
                    if rowCount + row > 0 { values[index].raw(UInt8(ascii: ",")) }
                    writers[index].write(row, to: &values[index])
                }
                byteCount += values[index].bytes.count
            }
        case .csv:
            for row in 0..<count {
                for index in writers.indices {
                    if index > 0 { rows.raw(UInt8(ascii: ",")) }
                    writers[index].writeField(row, to: &rows)
                }
                rows.raw("\r\n")
            }
            byteCount = rows.bytes.count
        case .rows, .rowsV1, .ndjson:
            for row in 0..<count {
                rows.raw(rowCount + row > 0 ? ",{" : "{")
                for index in writers.indices {
                    if index > 0 { rows.raw(UInt8(ascii: ",")) }
                    rows.bytes.append(contentsOf: keys[index])
                    writers[index].write(row, to: &rows)
                }
                rows.raw(UInt8(ascii: "}"))
            }
            byteCount = rows.bytes.count
        }
        rowCount += count
    }

    /// The whole answer. `plan` members are added to JSON answers of version 2.
    func finish(plan: [(key: String, text: String)] = []) -> [UInt8] {
        var json = JSONText()
        json.bytes.reserveCapacity(byteCount + 256 + 96 * names.count)
        switch format {
        case .rows:
            json.raw("{\"schema\":{\"fields\":[")
            fields(key: "data_type", to: &json)
            json.raw("]},\"data\":[")
            json.bytes.append(contentsOf: rows.bytes)
            json.raw("]")
            members(plan, to: &json)
            json.raw("}")
        case .ndjson:
            json.raw("{\"type\":\"schema\",\"schema\":{\"fields\":[")
            fields(key: "data_type", to: &json)
            json.raw("]}}\n")
            if !plan.isEmpty {
                json.raw("{\"type\":\"explain\"")
                members(plan, to: &json)
                json.raw("}\n")
            }
            json.raw("{\"type\":\"data\",\"rows\":[")
            json.bytes.append(contentsOf: rows.bytes)
            json.raw("]}\n{\"type\":\"end\",\"row_count\":\(rowCount)}\n")
        case .csv:
            for index in names.indices {
                if index > 0 { json.raw(",") }
                var name = names[index]
                name.withUTF8 { CSVText.field($0, to: &json) }
            }
            json.raw("\r\n")
            json.bytes.append(contentsOf: rows.bytes)
        case .rowsV1:
            json.raw("{\"columns\":[")
            fields(key: "datatype", to: &json)
            json.raw("],\"rows\":[")
            json.bytes.append(contentsOf: rows.bytes)
            json.raw("]}")
        case .columns:
            json.raw("{\"columns\":[")
            for index in names.indices {
                if index > 0 { json.raw(",") }
                ArrowType.field(names[index], types[index], key: "datatype", to: &json)
                json.bytes.removeLast()
                json.raw(",\"values\":[")
                json.bytes.append(contentsOf: values[index].bytes)
                json.raw("]}")
            }
            json.raw("]}")
        }
        return json.bytes
    }

    /// Only the rows, as a JSON array.
    func array() -> [UInt8] { [UInt8(ascii: "[")] + rows.bytes + [UInt8(ascii: "]")] }

    private func members(_ members: [(key: String, text: String)], to json: inout JSONText) {
        for member in members {
            json.raw(",")
            json.string(member.key)
            json.raw(":")
            json.string(member.text)
        }
    }

    private func fields(key: String, to json: inout JSONText) {
        for index in names.indices {
            if index > 0 { json.raw(",") }
            ArrowType.field(names[index], types[index], key: key, to: &json)
        }
    }
}
