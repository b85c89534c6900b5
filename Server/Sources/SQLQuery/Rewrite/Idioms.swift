/// Functions of the DataFusion and PostgreSQL families that the engine lacks or means differently (`storage.md` §5.4).
enum Idioms {
    /// Same arguments, FILTER, DISTINCT, ORDER BY and OVER under another name.
    static let renamed: [String: String] = [
        "approx_distinct": "approx_count_distinct", "approx_median": "median", "approx_percentile_cont": "quantile_cont",
        "array_element": "list_extract",
        "array_join": "array_to_string", "array_max": "list_max", "array_min": "list_min", "btrim": "trim",
        "covar": "covar_samp", "date_format": "strftime", "json_object_keys": "json_keys", "list_join": "array_to_string",
        "make_array": "list_value",
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
        "arrow_cast", "cardinality", "decode", "digest", "encode", "json_contains", "named_struct", "regexp_match", "struct",
        "to_timestamp",
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

    private static let templates: [String: [Int: String]] = [
        "array_empty": [1: "(len(__1) = 0)"],
        "array_except": [2: "list_filter(list_distinct(__1), lambda __e: NOT coalesce(list_contains(__2, __e), false))"],
        "array_remove_all": [2: "list_filter(__1, lambda __e: __e IS DISTINCT FROM __2)"],
        "array_union": [2: "list_distinct(list_concat(__1, __2))"],
        "arrow_typeof": [1: "typeof(__1)"],
        "date_bin": [
            2: "time_bucket(CAST(__1 AS INTERVAL), __2, TIMESTAMPTZ '1970-01-01 00:00:00+00')",
            3: "time_bucket(CAST(__1 AS INTERVAL), __2, CAST(__3 AS TIMESTAMPTZ))",
        ],
        "empty": [1: "(len(__1) = 0)"],
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
        "regexp_count": [2: "len(regexp_extract_all(__1, __2))"],
        "to_date": [1: "CAST(__1 AS DATE)"],
        "to_timestamp_micros": [1: "make_timestamptz(CAST(__1 AS BIGINT))"],
        "to_timestamp_millis": [1: "make_timestamptz(CAST(__1 AS BIGINT) * 1000)"],
        "to_timestamp_nanos": [1: "make_timestamptz(CAST(__1 AS BIGINT) // 1000)"],
        "to_timestamp_seconds": [1: "to_timestamp(CAST(__1 AS BIGINT))"],
        "to_unixtime": [1: "CAST(epoch(CAST(__1 AS TIMESTAMPTZ)) AS BIGINT)"],
    ]
}
