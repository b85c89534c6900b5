import DuckDBKit

/// Column types in the form in which Arrow's data types are serialised to JSON; clients show and parse by them.
enum ArrowType {
    static func write(_ type: ColumnType, to json: inout JSONText) {
        switch type {
        case .boolean: json.raw("\"Boolean\"")
        case .int8: json.raw("\"Int8\"")
        case .int16: json.raw("\"Int16\"")
        case .int32: json.raw("\"Int32\"")
        // Sums of integers are 128 bits wide in the engine; to clients they are integers like any other.
        case .int64, .int128: json.raw("\"Int64\"")
        case .uint8: json.raw("\"UInt8\"")
        case .uint16: json.raw("\"UInt16\"")
        case .uint32: json.raw("\"UInt32\"")
        case .uint64, .uint128: json.raw("\"UInt64\"")
        case .float: json.raw("\"Float32\"")
        case .double: json.raw("\"Float64\"")
        case .decimal(let width, let scale, _): json.raw("{\"Decimal128\":[\(width),\(scale)]}")
        case .varchar, .json, .uuid, .enumeration, .bit, .bignum, .union, .other: json.raw("\"Utf8\"")
        case .blob: json.raw("\"Binary\"")
        case .date: json.raw("\"Date32\"")
        case .time, .timeTZ: json.raw("{\"Time64\":\"Microsecond\"}")
        case .timeNanoseconds: json.raw("{\"Time64\":\"Nanosecond\"}")
        case .timestamp: json.raw("{\"Timestamp\":[\"Microsecond\",null]}")
        case .timestampTZ: json.raw("{\"Timestamp\":[\"Microsecond\",\"UTC\"]}")
        case .timestampSeconds: json.raw("{\"Timestamp\":[\"Second\",null]}")
        case .timestampMilliseconds: json.raw("{\"Timestamp\":[\"Millisecond\",null]}")
        case .timestampNanoseconds: json.raw("{\"Timestamp\":[\"Nanosecond\",null]}")
        case .interval: json.raw("{\"Interval\":\"MonthDayNano\"}")
        case .null: json.raw("\"Null\"")
        case .list(let element), .array(let element, _):
            json.raw("{\"List\":")
            field("item", element, to: &json)
            json.raw("}")
        case .structure(let fields):
            json.raw("{\"Struct\":[")
            for (index, member) in fields.enumerated() {
                if index > 0 { json.raw(",") }
                field(member.name, member.type, to: &json)
            }
            json.raw("]}")
        case .map(let key, let value):
            json.raw("{\"Map\":[")
            field("entries", .structure([.init(name: "key", type: key), .init(name: "value", type: value)]), isNullable: false, to: &json)
            json.raw(",false]}")
        }
    }

    /// A field object: `{"name","data_type","nullable"}`; version 1 calls the type `datatype`.
    static func field(_ name: String, _ type: ColumnType, isNullable: Bool = true, key: String = "data_type", to json: inout JSONText) {
        json.raw("{\"name\":")
        json.string(name)
        json.raw(",\"\(key)\":")
        write(type, to: &json)
        json.raw(",\"nullable\":\(isNullable)}")
    }
}
