/// Replaces calls of ``Idioms`` by what the engine has.
struct IdiomRewriter {
    let engine: SyntaxEngine

    /// The call rewritten, or as it was. Its arguments have been rewritten before.
    func rewrite(_ call: JSONValue) throws(QueryError) -> JSONValue {
        guard let name = call.functionName else { return call }
        let arguments = call.children
        if let target = Idioms.renamed[name] {
            var call = call
            call["function_name"] = .string(target)
            if name == "approx_percentile_cont", arguments.count == 3 { call["children"] = .array(Array(arguments.prefix(2))) }
            return call
        }
        if call.expressionClass == "FUNCTION", let target = ["first_value": "first", "last_value": "last"][name] {
            var call = call
            call["function_name"] = .string(target)
            return call
        }
        guard call.expressionClass == "FUNCTION", !arguments.isEmpty else { return call }
        if Idioms.special.contains(name) { return try special(name, call, arguments) }
        guard let body = Idioms.template(name, arity: arguments.count) else {
            if Idioms.names.contains(name) {
                throw QueryError(
                    code: .notAllowed, message: "function \(name) does not take \(arguments.count) arguments", position: call.location)
            }
            return call
        }
        return try expand(body, arguments, of: call)
    }

    private func expand(_ body: String, _ arguments: [JSONValue], of call: JSONValue) throws(QueryError) -> JSONValue {
        var result = Expressions.substitute(arguments, into: try engine.expression(body))
        result["alias"] = call["alias"]
        return result
    }

    private func special(_ name: String, _ call: JSONValue, _ arguments: [JSONValue]) throws(QueryError) -> JSONValue {
        let option = arguments.count > 1 ? arguments[1].stringConstant : nil
        switch (name, arguments.count) {
        case ("array_join", 2), ("list_join", 2), ("list_to_string", 2): return try expand("array_to_string(__1, __2)", arguments, of: call)
        case ("array_to_string", 2), ("lpad", 3), ("rpad", 3): return call
        case ("array_join", 3), ("list_join", 3), ("list_to_string", 3), ("array_to_string", 3):
            let texts = "list_transform(__1, lambda __e: coalesce(CAST(__e AS VARCHAR), __3))"
            return try expand("array_to_string(\(texts), __2)", arguments, of: call)
        case ("lpad", 2), ("rpad", 2): return try expand("\(name)(__1, __2, ' ')", arguments, of: call)
        case ("octet_length", 1):
            let isBytes = arguments[0].expressionClass == "CAST" && arguments[0]["cast_type"]?["id"]?.string == "BLOB"
            return isBytes ? call : try expand("strlen(CAST(__1 AS VARCHAR))", arguments, of: call)
        case ("make_map", 2...64) where arguments.count % 2 == 0:
            let keys = stride(from: 1, to: arguments.count, by: 2).map { "__\($0)" }.joined(separator: ", ")
            let values = stride(from: 2, through: arguments.count, by: 2).map { "__\($0)" }.joined(separator: ", ")
            return try expand("map([\(keys)], [\(values)])", arguments, of: call)
        case ("nth_value", 2):
            // As an aggregate: the list of all values in the given order.
            var list = call
            list["function_name"] = .string("list")
            list["children"] = .array([arguments[0]])
            list["alias"] = .string("")
            return try expand("list_extract(__1, __2)", [list, arguments[1]], of: call)
        case ("arrow_cast", 2):
            guard let option, let type = Self.engineType(arrow: option) else { break }
            return try expand("CAST(__1 AS \(type))", arguments, of: call)
        case ("cardinality", 1):
            let isMap = arguments[0].functionName.map { $0.hasPrefix("map") || $0.hasPrefix("histogram") } ?? false
            return isMap ? call : try expand("len(__1)", arguments, of: call)
        case ("digest", 2):
            guard let option, ["md5", "sha1", "sha256"].contains(option.lowercased()) else { break }
            return try expand("\(option.lowercased())(__1)", arguments, of: call)
        case ("encode", 2):
            // Digests are hexadecimal texts here already.
            if option == "hex", let inner = arguments[0].functionName, ["md5", "sha1", "sha256"].contains(inner) {
                return try expand("__1", arguments, of: call)
            }
            if option == "hex" { return try expand("lower(to_hex(__1))", arguments, of: call) }
            if option == "base64" { return try expand("to_base64(CAST(__1 AS BLOB))", arguments, of: call) }
        case ("decode", 2):
            if option == "hex" { return try expand("from_hex(__1)", arguments, of: call) }
            if option == "base64" { return try expand("from_base64(__1)", arguments, of: call) }
        case ("encode", 1), ("decode", 1): return call
        case ("json_contains", 2...8):
            // The engine's function of this name compares documents; a constant that is no JSON can only be a key.
            if let option, arguments.count == 2, (try? JSONReader.value(of: Array(option.utf8))) != nil { return call }
            let value = (1..<arguments.count - 1).reduce("__1") { "(\($0) -> __\($1 + 1))" }
            return try expand("list_contains(json_keys(\(value)), __\(arguments.count))", arguments, of: call)
        case ("named_struct", 2...64) where arguments.count % 2 == 0: return try structure(arguments, of: call)
        case ("struct", 1...64):
            let named = arguments.enumerated().flatMap { [Expressions.text("c\($0.offset)"), $0.element] }
            return try structure(named, of: call)
        case ("regexp_match", 2...3): return try match(arguments, of: call)
        case ("to_timestamp", 2): return try expand("CAST(strptime(__1, __2) AS TIMESTAMPTZ)", arguments, of: call)
        case ("to_timestamp", 1):
            let isText = arguments[0].stringConstant != nil || arguments[0].functionName == "->>" || Self.isTextCast(arguments[0])
            return isText ? try expand("CAST(__1 AS TIMESTAMPTZ)", arguments, of: call) : call
        default: break
        }
        throw QueryError(code: .notAllowed, message: "these arguments of \(name) are not supported", position: call.location)
    }

    private static func isTextCast(_ node: JSONValue) -> Bool {
        node.expressionClass == "CAST" && node["cast_type"]?["id"]?.string == "VARCHAR"
    }

    private func structure(_ arguments: [JSONValue], of call: JSONValue) throws(QueryError) -> JSONValue {
        var members: [JSONValue] = []
        for index in stride(from: 0, to: arguments.count, by: 2) {
            guard let name = arguments[index].stringConstant else {
                throw QueryError(code: .notAllowed, message: "names in named_struct must be constants", position: call.location)
            }
            var value = arguments[index + 1]
            value["alias"] = .string(name)
            members.append(value)
        }
        var result = Expressions.call("struct_pack", members)
        result["alias"] = call["alias"]
        return result
    }

    /// The captured groups as a list, or the whole match when the pattern has none; NULL without a match.
    private func match(_ arguments: [JSONValue], of call: JSONValue) throws(QueryError) -> JSONValue {
        guard let pattern = arguments[1].stringConstant else {
            throw QueryError(code: .notAllowed, message: "the pattern of regexp_match must be a constant", position: call.location)
        }
        let groups = Self.groups(of: pattern)
        let numbers = groups == 0 ? [0] : Array(1...min(groups, 9))
        let flags = arguments.count == 3 ? ", __3" : ""
        let values = numbers.map { "regexp_extract(__1, __2, \($0)\(flags))" }.joined(separator: ", ")
        return try expand("CASE WHEN regexp_matches(__1, __2\(flags)) THEN [\(values)] END", arguments, of: call)
    }

    static func groups(of pattern: String) -> Int {
        var count = 0
        var isEscaped = false
        var inClass = false
        let bytes = Array(pattern.utf8)
        for (index, byte) in bytes.enumerated() {
            defer { isEscaped = byte == UInt8(ascii: "\\") && !isEscaped }
            if isEscaped { continue }
            if byte == UInt8(ascii: "[") { inClass = true }
            if byte == UInt8(ascii: "]") { inClass = false }
            guard byte == UInt8(ascii: "("), !inClass else { continue }
            let rest = bytes[(index + 1)...]
            let isPlain = rest.first != UInt8(ascii: "?") || rest.starts(with: "?P<".utf8) || rest.starts(with: "?<".utf8)
            if isPlain { count += 1 }
        }
        return count
    }

    private static func engineType(arrow: String) -> String? {
        if arrow.hasPrefix("Timestamp(") { return arrow.contains("None") ? "TIMESTAMP" : "TIMESTAMPTZ" }
        return switch arrow {
        case "Utf8", "LargeUtf8", "Utf8View": "VARCHAR"
        case "Boolean": "BOOLEAN"
        case "Int8": "TINYINT"
        case "Int16": "SMALLINT"
        case "Int32": "INTEGER"
        case "Int64": "BIGINT"
        case "UInt8": "UTINYINT"
        case "UInt16": "USMALLINT"
        case "UInt32": "UINTEGER"
        case "UInt64": "UBIGINT"
        case "Float32": "FLOAT"
        case "Float64": "DOUBLE"
        case "Date32", "Date64": "DATE"
        default: nil
        }
    }
}
