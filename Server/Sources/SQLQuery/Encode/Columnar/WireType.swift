import DuckDBKit

/// The types in which the binary formats carry columns: the ones that ``ArrowType`` names, with their parameters.
indirect enum WireType: Sendable {
    case null, boolean, float, double, utf8, binary, date
    /// Of 8, 16, 32 or 64 bits.
    case integer(bits: Int, isSigned: Bool)
    /// Unscaled integers of 128 bits.
    case decimal(width: Int, scale: Int)
    /// Units of 10^-places seconds since midnight.
    case time(places: Int)
    /// Units of 10^-places seconds since the Unix epoch.
    case timestamp(places: Int, isUTC: Bool)
    /// Months, days, nanoseconds: 4, 4 and 8 bytes.
    case interval
    case list(WireType)
    case structure([Field])
    case map(key: WireType, value: WireType)

    struct Field: Sendable {
        var name: String
        var type: WireType
        var isNullable = true
    }

    init(_ type: ColumnType) {
        self =
            switch type {
            case .boolean: .boolean
            case .int8: .integer(bits: 8, isSigned: true)
            case .int16: .integer(bits: 16, isSigned: true)
            case .int32: .integer(bits: 32, isSigned: true)
            case .int64, .int128: .integer(bits: 64, isSigned: true)
            case .uint8: .integer(bits: 8, isSigned: false)
            case .uint16: .integer(bits: 16, isSigned: false)
            case .uint32: .integer(bits: 32, isSigned: false)
            case .uint64, .uint128: .integer(bits: 64, isSigned: false)
            case .float: .float
            case .double: .double
            case .decimal(let width, let scale, _): .decimal(width: width, scale: scale)
            // A union's value is shown as the JSON text of its member, whichever that is.
            case .varchar, .json, .uuid, .enumeration, .bit, .bignum, .union, .other: .utf8
            case .blob: .binary
            case .date: .date
            case .time, .timeTZ: .time(places: 6)
            case .timeNanoseconds: .time(places: 9)
            case .timestamp: .timestamp(places: 6, isUTC: false)
            case .timestampTZ: .timestamp(places: 6, isUTC: true)
            case .timestampSeconds: .timestamp(places: 0, isUTC: false)
            case .timestampMilliseconds: .timestamp(places: 3, isUTC: false)
            case .timestampNanoseconds: .timestamp(places: 9, isUTC: false)
            case .interval: .interval
            case .null: .null
            case .list(let element), .array(let element, _): .list(WireType(element))
            case .structure(let fields): .structure(fields.map { Field(name: $0.name, type: WireType($0.type)) })
            case .map(let key, let value): .map(key: WireType(key), value: WireType(value))
            }
    }

    /// Bytes of a value; nil for values of other shapes.
    var width: Int? {
        switch self {
        case .integer(let bits, _): bits / 8
        case .float, .date: 4
        case .double, .time, .timestamp: 8
        case .decimal, .interval: 16
        case .null, .boolean, .utf8, .binary, .list, .structure, .map: nil
        }
    }

    /// What a value is made of: the element of a list, the members of a structure, the entries of a map.
    var children: [Field] {
        switch self {
        case .list(let element): [Field(name: "item", type: element)]
        case .structure(let fields): fields
        case .map(let key, let value):
            [
                Field(
                    name: "entries",
                    type: .structure([Field(name: "key", type: key, isNullable: false), Field(name: "value", type: value)]),
                    isNullable: false)
            ]
        default: []
        }
    }

    var isList: Bool {
        switch self {
        case .list, .map: true
        default: false
        }
    }
}
