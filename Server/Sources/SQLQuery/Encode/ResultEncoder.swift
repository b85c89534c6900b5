import DuckDBKit

/// How the engine runs a query, for answers that explain.
struct QueryPlan {
    var logical: String
    var physical: String
}

/// Turns result chunks into the bytes of a ``ResultFormat``. Bytes of streamed formats can be taken while rows come.
struct ResultEncoder {
    let format: ResultFormat
    /// Of the columns, each another.
    private let names: [String]
    private let columns: [OutputColumn]
    private let plan: QueryPlan?
    private let keys: MemberKeys
    /// Rows one after the other that were not taken, or each column's values.
    private var rows = JSONText()
    private var values: [JSONText]
    private var columnar: ColumnarEncoder?
    private var hasHead = false
    /// Bytes of ``rows`` before the first row.
    private var headBytes = 0
    private var hasRows = false
    private var order: RowOrder?
    private(set) var rowCount = 0
    /// Bytes of the rows so far, those taken included; of Arrow and Parquet before compression.
    private(set) var byteCount = 0

    /// - Throws: ``QueryError`` when a column's values have no JSON form.
    init(_ columns: [OutputColumn], format: ResultFormat, plan: QueryPlan? = nil) throws(QueryError) {
        self.format = format
        names = Self.unique(columns.map(\.name))
        self.columns = columns
        self.plan = plan
        keys = MemberKeys(self.names)
        values = format == .columns ? Array(repeating: JSONText(), count: names.count) : []
        if let column = columns.first(where: { !ValueWriter.supports($0.type) }) {
            throw QueryError(code: .execution, message: "column \(column.name) has a type that cannot be returned; cast it to VARCHAR")
        }
        switch format {
        case .arrow, .parquet: columnar = ColumnarEncoder(names: names, types: columns.map(\.type), isParquet: format == .parquet)
        case .rows, .rowsV1:
            // Before the rows at once, so that they need not be copied behind it.
            head(to: &rows)
            hasHead = true
            headBytes = rows.bytes.count
        case .columns, .csv, .ndjson: break
        }
    }

    /// Sorts the rows by a column of times before they are given; without effect when there is no such column, or the format is not one of
    /// whole rows.
    mutating func sort(by name: String, descending: Bool) {
        guard format == .rows || format == .rowsV1, let column = columns.first(where: { $0.name == name }),
            column.type == .timestampTZ
        else { return }
        order = RowOrder(column: column.source, descending: descending)
    }

    /// Whether the rows are sorted by ``sort(by:descending:)``.
    var isSorted: Bool { order != nil }

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

    // MARK: Rows

    /// Rows that are appended at once: wide ones make megabytes.
    private static let slice = 256

    /// Appends some rows of a chunk from `first` on, at most until there are `limit` in all.
    ///
    /// - Returns: the row to go on with; the chunk's row count when there is nothing left to do.
    mutating func append(_ chunk: DataChunk, from first: Int, limit: Int) throws(QueryError) -> Int {
        let count = min(chunk.rowCount - first, limit - rowCount, Self.slice)
        guard count > 0 else { return chunk.rowCount }
        rowCount += count
        if let added = try columnar?.append(chunk, first..<(first + count)) {
            byteCount += added
        } else {
            append(chunk, first..<(first + count))
        }
        return first + count
    }

    private mutating func append(_ chunk: DataChunk, _ range: Range<Int>) {
        let writers = columns.map { $0.writer(chunk) }
        let before = rows.bytes.count
        switch format {
        case .columns:
            byteCount = 0
            for index in writers.indices {
                for row in range {
                    if !values[index].bytes.isEmpty { values[index].raw(UInt8(ascii: ",")) }
                    writers[index].write(row, to: &values[index])
                }
                byteCount += values[index].bytes.count
            }
        case .csv:
            for row in range {
                for index in writers.indices {
                    if index > 0 { rows.raw(UInt8(ascii: ",")) }
                    writers[index].writeField(row, to: &rows)
                }
                rows.raw("\r\n")
            }
        case .rows, .rowsV1, .ndjson, .arrow, .parquet:
            order?.add(chunk, range)
            appendObjects(writers, range)
        }
        byteCount += rows.bytes.count - before
    }

    /// Appends rows as JSON objects. Half a million values of a large trace pass here: nothing is counted or copied for one.
    private mutating func appendObjects(_ writers: [ValueWriter], _ range: Range<Int>) {
        var json = JSONText()
        swap(&json, &rows)
        let unretained = writers.map(Unmanaged.passUnretained)
        withExtendedLifetime(writers) {
            keys.text.withUnsafeBufferPointer { text in
                for row in range {
                    if format == .ndjson ? !json.bytes.isEmpty : hasRows { json.raw(UInt8(ascii: ",")) }
                    hasRows = true
                    order?.begin(at: json.bytes.count)
                    json.raw(UInt8(ascii: "{"))
                    for index in unretained.indices {
                        json.bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[keys.places[index]..<keys.places[index + 1]]))
                        unretained[index]._withUnsafeGuaranteedRef { $0.write(row, to: &json) }
                    }
                    json.raw(UInt8(ascii: "}"))
                }
            }
        }
        swap(&json, &rows)
    }

    // MARK: Bytes

    /// Bytes that ``take()`` would return; 0 for formats that come as a whole.
    var readyBytes: Int { columnar?.readyBytes ?? (format == .columns ? 0 : rows.bytes.count) }

    /// The bytes so far, with the format's head the first time.
    mutating func take() -> [UInt8] {
        if columnar != nil { return columnar?.take() ?? [] }
        var json = JSONText()
        json.bytes.reserveCapacity(rows.bytes.count + 256 + (hasHead ? 0 : 96 * names.count))
        if !hasHead { head(to: &json) }
        hasHead = true
        if format != .ndjson {
            json.bytes.append(contentsOf: rows.bytes)
        } else if !rows.bytes.isEmpty {
            json.raw("{\"type\":\"data\",\"rows\":[")
            json.bytes.append(contentsOf: rows.bytes)
            json.raw("]}\n")
        }
        rows.bytes.removeAll(keepingCapacity: true)
        headBytes = 0
        return json.bytes
    }

    /// The rest of the answer, which is all of it for formats that are not streamed.
    ///
    /// - Parameters:
    ///   - metrics: the plan with what each step did, when the answer explains.
    ///   - warnings: what is missing from the answer, for the formats that can say so.
    mutating func finish(metrics: String? = nil, warnings: [String] = []) throws(QueryError) -> [UInt8] {
        if let rest = try columnar?.finish() { return rest }
        var json = JSONText()
        switch format {
        case .rows:
            json = orderedRows()
            json.raw("]")
            plans(to: &json)
            metrics.map { member("physical_plan_with_metrics", $0, to: &json) }
            Self.member(warnings, to: &json)
            json.raw("}")
        case .ndjson:
            json.bytes = take()
            json.raw("{\"type\":\"end\",\"row_count\":\(rowCount)")
            metrics.map { member("physical_plan_with_metrics", $0, to: &json) }
            Self.member(warnings, to: &json)
            json.raw("}\n")
        case .csv, .arrow, .parquet: return take()
        case .rowsV1:
            json = orderedRows()
            json.raw("]}")
        case .columns:
            json.bytes.reserveCapacity(byteCount + 256 * names.count + 32)
            json.raw("{\"columns\":[")
            for index in names.indices {
                if index > 0 { json.raw(",") }
                ArrowType.field(names[index], columns[index].type, key: "datatype", to: &json)
                json.bytes.removeLast()
                json.raw(",\"values\":[")
                json.bytes.append(contentsOf: values[index].bytes)
                json.raw("]}")
            }
            json.raw("]}")
        }
        return json.bytes
    }

    /// Head and rows, which are given away.
    private mutating func orderedRows() -> JSONText {
        var json = JSONText()
        swap(&json, &rows)
        if let order { json.bytes = order.sorted(json.bytes, headBytes: headBytes) }
        return json
    }

    /// Only the rows, as a JSON array.
    func array() -> [UInt8] { [UInt8(ascii: "[")] + rows.bytes[headBytes...] + [UInt8(ascii: "]")] }

    private func head(to json: inout JSONText) {
        switch format {
        case .csv:
            for index in names.indices {
                if index > 0 { json.raw(",") }
                var name = names[index]
                name.withUTF8 { CSVText.field($0, to: &json) }
            }
            return json.raw("\r\n")
        case .rows:
            json.raw("{\"schema\":{\"fields\":[")
            fields(key: "data_type", to: &json)
            return json.raw("]},\"data\":[")
        case .rowsV1:
            json.raw("{\"columns\":[")
            fields(key: "datatype", to: &json)
            return json.raw("],\"rows\":[")
        case .ndjson, .columns, .arrow, .parquet: break
        }
        json.raw("{\"type\":\"schema\",\"schema\":{\"fields\":[")
        fields(key: "data_type", to: &json)
        json.raw("]}}\n")
        guard plan != nil else { return }
        json.raw("{\"type\":\"explain\"")
        plans(to: &json)
        json.raw("}\n")
    }

    private func plans(to json: inout JSONText) {
        guard let plan else { return }
        member("logical_plan", plan.logical, to: &json)
        member("physical_plan", plan.physical, to: &json)
    }

    private static func member(_ warnings: [String], to json: inout JSONText) {
        if warnings.isEmpty { return }
        json.raw(",\"warnings\":[")
        for (index, warning) in warnings.enumerated() {
            if index > 0 { json.raw(",") }
            json.string(warning)
        }
        json.raw("]")
    }

    private func member(_ key: String, _ text: String, to json: inout JSONText) {
        json.raw(",")
        json.string(key)
        json.raw(":")
        json.string(text)
    }

    private func fields(key: String, to json: inout JSONText) {
        for index in names.indices {
            if index > 0 { json.raw(",") }
            ArrowType.field(names[index], columns[index].type, key: key, to: &json)
        }
    }
}
