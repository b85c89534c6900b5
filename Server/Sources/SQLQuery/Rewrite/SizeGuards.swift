/// Bounds for functions that make values of any size from small arguments. The engine neither interrupts them nor counts their
/// memory (`storage.md` §5.3), so the bound is put into the arguments, where constant folding cannot pass it by.
struct SizeGuards {
    /// Bytes that `repeat`, `lpad` and `rpad` may make.
    static let maximumText = 16_384
    /// Elements that a list made from numbers may have, and one that becomes rows at once: functions take the lists of 2048 rows together.
    static let maximumList = 1_000
    static let maximumUnnested = 10_000
    /// Elements that a list of a column or an aggregate may have where a function makes other lists or values of it.
    static let maximumListArgument = 5_000
    /// Elements of a list that is gone through for every element of another.
    static let maximumNested = 100
    /// Bytes of a text that is made of many.
    static let maximumAggregatedText = 65_536
    /// Bytes of a text that becomes a list.
    static let maximumSplit = 16_384
    /// Bytes of texts whose every byte is compared with every other.
    static let maximumCompared = 256
    /// Most frequent values that can be asked for.
    static let maximumTop = 1_000
    /// Rows that `range` and `generate_series` may make in FROM.
    static let maximumRows = 1_000_000
    /// Bytes of a replacement or separator that need no check.
    static let smallText = 64
    /// Bytes that a value may have when a recursive query makes it longer each time.
    static let maximumRecursive = 65_536

    let engine: SyntaxEngine

    /// The call with its bounds, or as it was. Its arguments have been rewritten before.
    ///
    /// - Parameters:
    ///   - inFrom: whether the call is a table of FROM.
    ///   - inUnnest: whether its list becomes rows, once.
    ///   - inLambda: whether it is done for every element of a list.
    func guarded(
        _ call: JSONValue, inFrom: Bool, inUnnest: Bool, inLambda: Bool, inRecursion: Bool
    ) throws(QueryError) -> JSONValue {
        guard let name = call.functionName, call.expressionClass == "FUNCTION" else { return call }
        var arguments = call.children
        let limit = inFrom ? Self.maximumRows : inLambda ? Self.maximumNested : inUnnest ? Self.maximumUnnested : Self.maximumList
        switch (name, arguments.count) {
        case ("repeat", 2):
            if let text = arguments[0].stringConstant, let count = arguments[1].integerConstant, count < Self.maximumText,
                count * text.utf8.count <= Self.maximumText
            {
                return call
            }
            arguments[1] = try check(
                "__2 > \(Self.maximumText) // greatest(strlen(CAST(__1 AS VARCHAR)), 1)", "__2", arguments,
                "repeat: the result may have \(Self.maximumText) bytes"
            )
        case ("lpad", 3), ("rpad", 3):
            try bound(&arguments, 1, at: Self.maximumText / 4, "\(name): the result may have \(Self.maximumText / 4) characters")
        case ("list_resize", 2...3), ("array_resize", 2...3):
            try bound(&arguments, 1, at: Self.maximumList, "\(name): a list may have \(Self.maximumList) elements")
        case ("equi_width_bins", 4):
            try bound(&arguments, 2, at: Self.maximumList, "equi_width_bins: there may be \(Self.maximumList) bins")
        case (_, 2...) where Self.splitting.contains(name) && arguments[0].stringConstant == nil:
            arguments[0] = try check(
                "strlen(__1) > \(Self.maximumSplit)", "__1", arguments, "\(name): the text may have \(Self.maximumSplit) bytes")
        case ("string_agg", _), ("group_concat", _), ("listagg", _):
            var text = try check(
                "strlen(__1) > \(Self.maximumAggregatedText)", "__1", [call],
                "\(name): the text may have \(Self.maximumAggregatedText) bytes")
            text["alias"] = call["alias"]
            return text
        case ("approx_top_k", 2):
            try bound(&arguments, 1, at: Self.maximumTop, "approx_top_k: there may be \(Self.maximumTop) values")
        case ("levenshtein", 2), ("editdist3", 2), ("damerau_levenshtein", 2), ("jaro_similarity", 2...3),
            ("jaro_winkler_similarity", 2...3):
            for index in 0..<2 where !isSmall(arguments[index]) {
                arguments[index] = try check(
                    "strlen(__\(index + 1)) > \(Self.maximumCompared)", "__\(index + 1)", arguments,
                    "\(name): the texts may have \(Self.maximumCompared) bytes"
                )
            }
        case ("range", 1...3), ("generate_series", 1...3): try series(name, &arguments, limit: limit)
        case ("replace", 3) where !isSmall(arguments[2]):
            arguments[2] = try check(
                "strlen(__3) > \(Self.smallText) AND strlen(__1) // greatest(strlen(__2), 1) * strlen(__3) > \(Self.maximumText)", "__3",
                arguments,
                "replace: the result is too long"
            )
        case ("regexp_replace", 3...4) where !isSmall(arguments[2]):
            arguments[2] = try check(
                "strlen(__3) > \(Self.smallText) AND strlen(__1) * strlen(__3) > \(Self.maximumText)", "__3", arguments,
                "regexp_replace: the result is too long"
            )
        case ("array_to_string", 2), ("array_to_string_comma_default", 2), ("list_string_agg", 2), ("concat_ws", 2...):
            let index = name == "concat_ws" ? 0 : 1
            guard !isSmall(arguments[index]) else { return call }
            arguments[index] = try check(
                "strlen(__\(index + 1)) > \(Self.smallText)", "__\(index + 1)", arguments,
                "\(name): the separator may have \(Self.smallText) bytes"
            )
        default:
            if Self.takesLists(name) { arguments = try lists(arguments, name, inLambda) }
            guard inRecursion, Growth.multiplying(name) else { break }
            // An argument that is such a call itself has its own arguments guarded, and guarding both would double the text each time.
            for index in arguments.indices
            where !Expressions.isConstant(arguments[index]) && !Growth.multiplying(arguments[index].functionName ?? "") {
                arguments[index] = try check(
                    "strlen(CAST(__\(index + 1) AS VARCHAR)) > \(Self.maximumRecursive)", "__\(index + 1)", arguments,
                    "\(name): a value of a recursive query may have \(Self.maximumRecursive) bytes"
                )
            }
        }
        var call = call
        call["children"] = .array(arguments)
        return call
    }

    /// Functions that go through whole lists, by their names: `list_…`, `array_…` and those that have no such beginning.
    private static func takesLists(_ name: String) -> Bool {
        guard !cheap.contains(name) else { return false }
        return name.hasPrefix("list_") || name.hasPrefix("array_") || others.contains(name)
    }

    private static let others: Set<String> = ["aggregate", "apply", "filter", "flatten", "grade_up", "reduce"]
    private static let cheap: Set<String> = [
        "array_agg", "array_element", "array_extract", "array_length", "array_to_json", "array_value", "list_element", "list_extract",
        "list_pack", "list_value", "array_first", "array_last", "list_first", "list_last",
    ]

    /// Lists of columns and aggregates are bounded; those that other functions make were when they were made.
    private func lists(_ arguments: [JSONValue], _ name: String, _ inLambda: Bool) throws(QueryError) -> [JSONValue] {
        guard let first = arguments.first, first.expressionClass == "COLUMN_REF" || Self.makesLists.contains(first.functionName ?? "")
        else {
            return arguments
        }
        var arguments = arguments
        let limit = inLambda ? Self.maximumNested : Self.maximumListArgument
        arguments[0] = try check("len(__1) > \(limit)", "__1", arguments, "\(name): a list may have \(limit) elements here")
        return arguments
    }

    private static let splitting: Set<String> = [
        "regexp_extract_all", "regexp_split_to_array", "split", "str_split", "str_split_regex", "string_split", "string_split_regex",
        "string_to_array",
    ]

    /// A call of an ``Idioms`` function with its list bounded, before it is replaced.
    func boundedLists(_ call: JSONValue, inLambda: Bool) throws(QueryError) -> JSONValue {
        guard let name = call.functionName, Idioms.names.contains(name), Self.takesLists(name) else { return call }
        var call = call
        call["children"] = .array(try lists(call.children, name, inLambda))
        return call
    }

    private static let makesLists: Set<String> = ["array_agg", "list", "json_keys", "map_keys", "map_values", "string_split", "histogram"]

    private func isSmall(_ node: JSONValue) -> Bool {
        node.stringConstant.map { $0.utf8.count <= Self.smallText } ?? false
    }

    private func check(_ condition: String, _ value: String, _ arguments: [JSONValue], _ message: String) throws(QueryError) -> JSONValue {
        Expressions.substitute(arguments, into: try engine.expression("CASE WHEN \(condition) THEN error('\(message)') ELSE \(value) END"))
    }

    private func bound(_ arguments: inout [JSONValue], _ index: Int, at limit: Int, _ message: String) throws(QueryError) {
        if let constant = arguments[index].integerConstant, constant <= limit { return }
        arguments[index] = try check("__\(index + 1) > \(limit)", "__\(index + 1)", arguments, message)
    }

    /// Start, end and step may be numbers or, with an interval as step, times.
    private func series(_ name: String, _ arguments: inout [JSONValue], limit: Int) throws(QueryError) {
        let numbers = arguments.map(\.integerConstant)
        let message = "\(name): there may be \(limit) elements"
        if numbers.allSatisfy({ $0 != nil }) {
            let values = numbers.compactMap(\.self)
            let (start, end, step) = (
                values.count == 1 ? 0 : values[0], values.count == 1 ? values[0] : values[1], values.count == 3 ? values[2] : 1
            )
            let (width, overflow) = end.subtractingReportingOverflow(start)
            guard !overflow, width.magnitude / max(step.magnitude, 1) <= limit else {
                throw QueryError(code: .notAllowed, message: message)
            }
            return
        }
        switch arguments.count {
        case 1: arguments[0] = try check("__1 > \(limit)", "__1", arguments, message)
        case 2: arguments[1] = try check("__2 > __1 + \(limit)", "__2", arguments, message)
        default:
            // `abs` does not take intervals, so both directions are written out.
            let end = try check(
                "(__1 + __3 > __1 AND __2 > __1 + __3 * \(limit)) OR (__1 + __3 < __1 AND __2 < __1 + __3 * \(limit)) OR __1 + __3 = __1",
                "__2",
                arguments, message
            )
            arguments[1] = end
        }
    }
}
