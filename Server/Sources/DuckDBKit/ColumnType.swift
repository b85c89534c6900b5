import CDuckDB

/// A logical column type with its parameters.
public indirect enum ColumnType: Sendable, Hashable {
    case boolean
    case int8, int16, int32, int64, int128
    case uint8, uint16, uint32, uint64, uint128
    case float, double
    /// `storage` is the width of the unscaled integer in bytes: 2, 4, 8 or 16.
    case decimal(width: Int, scale: Int, storage: Int)
    case varchar
    /// Text that the engine declares as JSON.
    case json
    case blob
    case bit
    case bignum
    case uuid
    case date
    case time, timeNanoseconds, timeTZ
    /// Without and with time zone; both microseconds, UTC for the latter.
    case timestamp, timestampTZ
    case timestampSeconds, timestampMilliseconds, timestampNanoseconds
    case interval
    case enumeration([String])
    case list(ColumnType)
    case array(ColumnType, count: Int)
    case structure([StructField])
    case map(key: ColumnType, value: ColumnType)
    /// Members by name; the stored tag is an index into them.
    case union([StructField])
    /// The type of a bare NULL.
    case null
    /// A type without a reader, by its engine number.
    case other(Int)

    /// A named member of a structure or union.
    public struct StructField: Sendable, Hashable {
        public var name: String
        public var type: ColumnType

        public init(name: String, type: ColumnType) {
            self.name = name
            self.type = type
        }
    }

    init(_ type: duckdb_logical_type?) {
        let id = duckdb_get_type_id(type)
        self =
            switch id {
            case DUCKDB_TYPE_BOOLEAN: .boolean
            case DUCKDB_TYPE_TINYINT: .int8
            case DUCKDB_TYPE_SMALLINT: .int16
            case DUCKDB_TYPE_INTEGER: .int32
            case DUCKDB_TYPE_BIGINT: .int64
            case DUCKDB_TYPE_HUGEINT: .int128
            case DUCKDB_TYPE_UTINYINT: .uint8
            case DUCKDB_TYPE_USMALLINT: .uint16
            case DUCKDB_TYPE_UINTEGER: .uint32
            case DUCKDB_TYPE_UBIGINT: .uint64
            case DUCKDB_TYPE_UHUGEINT: .uint128
            case DUCKDB_TYPE_FLOAT: .float
            case DUCKDB_TYPE_DOUBLE: .double
            case DUCKDB_TYPE_VARCHAR: Self.text(type)
            case DUCKDB_TYPE_BLOB: .blob
            case DUCKDB_TYPE_BIT: .bit
            case DUCKDB_TYPE_BIGNUM: .bignum
            case DUCKDB_TYPE_UUID: .uuid
            case DUCKDB_TYPE_DATE: .date
            case DUCKDB_TYPE_TIME: .time
            case DUCKDB_TYPE_TIME_NS: .timeNanoseconds
            case DUCKDB_TYPE_TIME_TZ: .timeTZ
            case DUCKDB_TYPE_TIMESTAMP: .timestamp
            case DUCKDB_TYPE_TIMESTAMP_TZ: .timestampTZ
            case DUCKDB_TYPE_TIMESTAMP_S: .timestampSeconds
            case DUCKDB_TYPE_TIMESTAMP_MS: .timestampMilliseconds
            case DUCKDB_TYPE_TIMESTAMP_NS: .timestampNanoseconds
            case DUCKDB_TYPE_INTERVAL: .interval
            case DUCKDB_TYPE_DECIMAL: Self.decimal(type)
            case DUCKDB_TYPE_ENUM:
                .enumeration(Self.names(Int(duckdb_enum_dictionary_size(type))) { duckdb_enum_dictionary_value(type, $0) })
            case DUCKDB_TYPE_LIST: .list(Self.child(duckdb_list_type_child_type(type)))
            case DUCKDB_TYPE_ARRAY: .array(Self.child(duckdb_array_type_child_type(type)), count: Int(duckdb_array_type_array_size(type)))
            case DUCKDB_TYPE_MAP:
                .map(key: Self.child(duckdb_map_type_key_type(type)), value: Self.child(duckdb_map_type_value_type(type)))
            case DUCKDB_TYPE_STRUCT:
                .structure(
                    zip(
                        Self.names(Int(duckdb_struct_type_child_count(type))) { duckdb_struct_type_child_name(type, $0) },
                        (0..<duckdb_struct_type_child_count(type)).map { Self.child(duckdb_struct_type_child_type(type, $0)) }
                    ).map(StructField.init)
                )
            case DUCKDB_TYPE_UNION:
                .union(
                    zip(
                        Self.names(Int(duckdb_union_type_member_count(type))) { duckdb_union_type_member_name(type, $0) },
                        (0..<duckdb_union_type_member_count(type)).map { Self.child(duckdb_union_type_member_type(type, $0)) }
                    ).map(StructField.init)
                )
            case DUCKDB_TYPE_SQLNULL: .null
            default: .other(Int(id.rawValue))
            }
    }

    private static func text(_ type: duckdb_logical_type?) -> ColumnType {
        guard let alias = duckdb_logical_type_get_alias(type) else { return .varchar }
        defer { duckdb_free(alias) }
        return String(cString: alias) == "JSON" ? .json : .varchar
    }

    private static func decimal(_ type: duckdb_logical_type?) -> ColumnType {
        let storage =
            switch duckdb_decimal_internal_type(type) {
            case DUCKDB_TYPE_SMALLINT: 2
            case DUCKDB_TYPE_INTEGER: 4
            case DUCKDB_TYPE_BIGINT: 8
            default: 16
            }
        return .decimal(width: Int(duckdb_decimal_width(type)), scale: Int(duckdb_decimal_scale(type)), storage: storage)
    }

    private static func child(_ type: duckdb_logical_type?) -> ColumnType {
        var type = type
        defer { duckdb_destroy_logical_type(&type) }
        return ColumnType(type)
    }

    private static func names(_ count: Int, _ name: (idx_t) -> UnsafeMutablePointer<CChar>?) -> [String] {
        (0..<count).map { index in
            guard let text = name(idx_t(index)) else { return "" }
            defer { duckdb_free(text) }
            return String(cString: text)
        }
    }
}
