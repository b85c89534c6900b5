/// Functions of the DataFusion and PostgreSQL families that the engine lacks or means differently (`storage.md` §5.4).
enum Idioms {
    /// Same arguments, FILTER, DISTINCT, ORDER BY and OVER under another name.
    static let renamed: [String: String] = [
        "approx_distinct": "approx_count_distinct", "approx_median": "median", "approx_percentile_cont": "quantile_cont",
        "array_any_value": "list_any_value", "array_element": "list_extract", "arrays_overlap": "list_has_any", "array_max": "list_max",
        "array_min": "list_min", "btrim": "trim",
        "covar": "covar_samp", "date_format": "strftime", "json_object_keys": "json_keys", "list_length": "array_length",
        "make_array": "list_value", "make_list": "list_value", "percentile_cont": "quantile_cont", "string_to_list": "string_split",
        "regexp_like": "regexp_matches", "signum": "sign", "to_char": "strftime", "var": "var_samp",
        "var_population": "var_pop", "var_sample": "var_samp",
    ]

    /// Bodies by name and number of arguments; `__1`, `__2`, … stand for the arguments.
    static func template(_ name: String, arity: Int) -> String? {
        if let body = json(name, arity: arity) { return body }
        return templates[name]?[arity]
    }

    /// Every name that only this layer knows.
    static let names: Set<String> = Set(renamed.keys).union(templates.keys).union(jsonNames).union(special)

    /// Rewritten by ``IdiomRewriter`` with a look at the arguments.
    static let special: Set<String> = [
        "array_join", "array_to_string", "arrow_cast", "cardinality", "decode", "digest", "encode", "json_contains", "list_join",
        "list_to_string", "lpad", "make_map", "named_struct", "nth_value", "octet_length", "regexp_match", "rpad", "struct", "to_timestamp",
    ]

    private static let jsonNames: Set<String> = [
        "json_as_text", "json_get", "json_get_array", "json_get_bool", "json_get_float", "json_get_int", "json_get_json", "json_get_str",
        "json_length",
    ]

    /// Functions over a document and any number of keys.
    private static func json(_ name: String, arity: Int) -> String? {
        guard jsonNames.contains(name), (1...8).contains(arity) else { return nil }
        let value = (1..<arity).reduce("__1") { "(\($0) -> __\($1 + 1))" }
        let text = (1..<arity - (arity > 1 ? 1 : 0)).reduce("__1") { "(\($0) -> __\($1 + 1))" } + (arity > 1 ? " ->> __\(arity)" : "")
        if name == "json_length" {
            return
                "CASE json_type(\(value)) WHEN 'ARRAY' THEN json_array_length(\(value))::BIGINT WHEN 'OBJECT' THEN len(json_keys(\(value))) END"
        }
        guard arity > 1 else { return nil }
        return switch name {
        case "json_get", "json_get_json": value
        case "json_get_array": "TRY_CAST(\(value) AS JSON[])"
        case "json_get_bool": "TRY_CAST((\(text)) AS BOOLEAN)"
        case "json_get_float": "TRY_CAST((\(text)) AS DOUBLE)"
        case "json_get_int": "TRY_CAST((\(text)) AS BIGINT)"
        default: "(\(text))"
        }
    }

    /// Different values in order. The engine's own function of this kind crashes when there is no memory for its result.
    private static func distinct(_ list: String) -> String {
        """
        list_transform([list_sort(\(list))], lambda __s: list_filter(__s, lambda __e, __i: \
        __e IS NOT NULL AND (__i = 1 OR __e IS DISTINCT FROM list_extract(__s, __i - 1))))[1]
        """
    }

    private static let substringIndex = """
        array_to_string(CASE WHEN __3 >= 0 THEN string_split(__1, __2)[:__3] ELSE string_split(__1, __2)[__3:] END, __2)
        """

    private static let templates: [String: [Int: String]] = [
        "array_distance": [2: "list_distance(CAST(__1 AS DOUBLE[]), CAST(__2 AS DOUBLE[]))"],
        "array_empty": [1: "(len(__1) = 0)"],
        "array_except": [2: "list_filter(\(distinct("__1")), lambda __e: NOT coalesce(list_contains(__2, __e), false))"],
        "array_ndims": [1: "CAST(length(regexp_extract(typeof(__1), '(\\[\\])*$')) // 2 AS BIGINT)"],
        "array_positions": [
            2: "list_filter(range(1, len(__1) + 1), lambda __i: __1[__i] IS NOT DISTINCT FROM __2)"
        ],
        "array_remove": [
            2: """
            CASE WHEN coalesce(list_position(__1, __2), 0) = 0 THEN __1 \
            ELSE list_concat(__1[:list_position(__1, __2) - 1], __1[list_position(__1, __2) + 1:]) END
            """
        ],
        "array_repeat": [2: "list_resize([__1], __2, __1)"],
        "array_replace": [
            3: "list_transform(__1, lambda __e, __i: CASE WHEN __i = list_position(__1, __2) THEN __3 ELSE __e END)"
        ],
        "array_replace_all": [
            3: "list_transform(__1, lambda __e: CASE WHEN __e IS NOT DISTINCT FROM __2 THEN __3 ELSE __e END)"
        ],
        "array_remove_all": [2: "list_filter(__1, lambda __e: __e IS DISTINCT FROM __2)"],
        "array_union": [2: distinct("list_concat(__1, __2)")],
        "array_distinct": [1: distinct("__1")], "list_distinct": [1: distinct("__1")],
        "array_unique": [1: "len(\(distinct("__1")))"], "list_unique": [1: "len(\(distinct("__1")))"],
        "arrow_typeof": [
            1: """
            CASE typeof(__1) WHEN 'VARCHAR' THEN 'Utf8' WHEN 'JSON' THEN 'Utf8' WHEN 'BOOLEAN' THEN 'Boolean' WHEN 'TINYINT' THEN 'Int8' \
            WHEN 'SMALLINT' THEN 'Int16' WHEN 'INTEGER' THEN 'Int32' WHEN 'BIGINT' THEN 'Int64' WHEN 'HUGEINT' THEN 'Int64' \
            WHEN 'UTINYINT' THEN 'UInt8' WHEN 'USMALLINT' THEN 'UInt16' WHEN 'UINTEGER' THEN 'UInt32' WHEN 'UBIGINT' THEN 'UInt64' \
            WHEN 'FLOAT' THEN 'Float32' WHEN 'DOUBLE' THEN 'Float64' WHEN 'BLOB' THEN 'Binary' WHEN 'DATE' THEN 'Date32' \
            WHEN 'TIMESTAMP' THEN 'Timestamp(Microsecond, None)' WHEN 'TIMESTAMP WITH TIME ZONE' THEN 'Timestamp(Microsecond, Some("UTC"))' \
            WHEN 'INTERVAL' THEN 'Interval(MonthDayNano)' ELSE typeof(__1) END
            """
        ],
        "date_bin": [
            2: "time_bucket(CAST(__1 AS INTERVAL), __2, TIMESTAMPTZ '1970-01-01 00:00:00+00')",
            3: "time_bucket(CAST(__1 AS INTERVAL), __2, CAST(__3 AS TIMESTAMPTZ))",
        ],
        "empty": [1: "(len(__1) = 0)"],
        "find_in_set": [2: "coalesce(list_position(string_split(__2, ','), __1), 0)"],
        "get_field": [2: "struct_extract(__1, __2)"],
        "overlay": [
            3: "left(__1, __3 - 1) || __2 || substr(__1, __3 + length(__2))",
            4: "left(__1, __3 - 1) || __2 || substr(__1, __3 + __4)",
        ],
        "from_unixtime": [1: "to_timestamp(__1)"],
        "initcap": [1: "array_to_string(list_transform(string_split(lower(__1), ' '), lambda __e: upper(__e[1]) || __e[2:]), ' ')"],
        "iszero": [1: "(__1 = 0)"],
        "level_name": [
            1: """
            CASE WHEN __1 >= 21 THEN 'fatal' WHEN __1 >= 17 THEN 'error' WHEN __1 >= 13 THEN 'warn' WHEN __1 >= 10 THEN 'notice' \
            WHEN __1 >= 9 THEN 'info' WHEN __1 >= 5 THEN 'debug' WHEN __1 >= 1 THEN 'trace' END
            """
        ],
        "level_num": [
            1: """
            CASE lower(__1) WHEN 'trace' THEN 1 WHEN 'debug' THEN 5 WHEN 'info' THEN 9 WHEN 'notice' THEN 10 WHEN 'warn' THEN 13 \
            WHEN 'warning' THEN 13 WHEN 'error' THEN 17 WHEN 'fatal' THEN 21 END
            """
        ],
        "metric_avg": [1: "struct_extract(__1, 'avg')"],
        "metric_count": [1: "TRY_CAST(struct_extract(__1, 'count') AS BIGINT)"],
        "metric_max": [1: "struct_extract(__1, 'max')"],
        "metric_min": [1: "struct_extract(__1, 'min')"],
        "metric_sum": [1: "struct_extract(__1, 'sum')"],
        "nanvl": [2: "CASE WHEN isnan(__1) THEN __2 ELSE __1 END"],
        "nvl": [2: "coalesce(__1, __2)"],
        "nvl2": [3: "CASE WHEN __1 IS NOT NULL THEN __2 ELSE __3 END"],
        "regexp_count": [
            2: "len(regexp_extract_all(__1, __2))", 3: "len(regexp_extract_all(substr(__1, __3), __2))",
            4: "len(regexp_extract_all(substr(__1, __3), __2, 0, __4))",
        ],
        "regexp_instr": [
            2: """
            CASE WHEN regexp_matches(__1, __2) THEN length(regexp_extract(__1, '(?s)^(.*?)(?:' || __2 || ')', 1)) + 1 ELSE 0 END
            """
        ],
        "substr_index": [3: substringIndex], "substring_index": [3: substringIndex],
        "to_date": [1: "CAST(__1 AS DATE)"],
        "to_hex": [1: "lower(to_hex(__1))"],
        "to_timestamp_micros": [1: "make_timestamptz(CAST(__1 AS BIGINT))"],
        "to_timestamp_millis": [1: "make_timestamptz(CAST(__1 AS BIGINT) * 1000)"],
        "to_timestamp_nanos": [1: "make_timestamptz(CAST(__1 AS BIGINT) // 1000)"],
        "to_timestamp_seconds": [1: "to_timestamp(CAST(__1 AS BIGINT))"],
        "to_unixtime": [1: "CAST(epoch(CAST(__1 AS TIMESTAMPTZ)) AS BIGINT)"],
    ]
}
