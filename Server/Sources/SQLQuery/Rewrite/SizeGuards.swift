/// Bounds for functions that make values of any size from small arguments. The engine neither interrupts them nor counts their
/// memory (`storage.md` §5.3), so the bound is put into the arguments, where constant folding cannot pass it by.
struct SizeGuards {
    /// Bytes that `repeat`, `lpad` and `rpad` may make.
    static let maximumText = 16_384
    /// Elements that a list made from numbers may have.
    static let maximumList = 10_000
    /// Rows that `range` and `generate_series` may make in FROM.
    static let maximumRows = 1_000_000
    /// Bytes of a replacement or separator that need no check.
    static let smallText = 64
    /// Bytes that a value may have when a recursive query makes it longer each time.
    static let maximumRecursive = 65_536

    let engine: SyntaxEngine

    /// The call with its bounds, or as it was. Its arguments have been rewritten before.
    func guarded(_ call: JSONValue, inFrom: Bool, inRecursion: Bool) throws(QueryError) -> JSONValue {
        guard let name = call.functionName, call.expressionClass == "FUNCTION" else { return call }
        var arguments = call.children
        let limit = inFrom ? Self.maximumRows : Self.maximumList
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
            guard inRecursion, Growth.multiplying(name) else { return call }
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
