/// Builds expressions of the engine's syntax tree.
enum Expressions {
    private static func node(_ kind: String, _ type: String, _ members: [(String, JSONValue)]) -> JSONValue {
        let head: [(String, JSONValue)] = [("class", .string(kind)), ("type", .string(type)), ("alias", .string(""))]
        return .object((head + members).map { JSONValue.Member(key: $0.0, value: $0.1) })
    }

    private static func simpleType(_ id: String) -> JSONValue {
        .object([.init(key: "id", value: .string(id)), .init(key: "type_info", value: .null)])
    }

    static func integer(_ value: Int) -> JSONValue {
        constant(simpleType(Int32(exactly: value) == nil ? "BIGINT" : "INTEGER"), .number(String(value)))
    }

    static func text(_ value: String) -> JSONValue { constant(simpleType("VARCHAR"), .string(value)) }

    private static func constant(_ type: JSONValue, _ value: JSONValue) -> JSONValue {
        let value: [(String, JSONValue)] = [("type", type), ("is_null", .bool(false)), ("value", value)]
        return node("CONSTANT", "VALUE_CONSTANT", [("value", .object(value.map { JSONValue.Member(key: $0.0, value: $0.1) }))])
    }

    static func cast(_ child: JSONValue, to type: String, isTry: Bool = false) -> JSONValue {
        node("CAST", "OPERATOR_CAST", [("child", child), ("cast_type", simpleType(type)), ("try_cast", .bool(isTry))])
    }

    static func call(_ name: String, _ children: [JSONValue]) -> JSONValue {
        let orders: JSONValue = .object([
            .init(key: "type", value: .string("ORDER_MODIFIER")), .init(key: "orders", value: .array([])),
        ])
        return node(
            "FUNCTION", "FUNCTION",
            [
                ("function_name", .string(name)), ("schema", .string("")), ("children", .array(children)), ("filter", .null),
                ("order_bys", orders),
                ("distinct", .bool(false)), ("is_operator", .bool(false)), ("export_state", .bool(false)), ("catalog", .string("")),
            ]
        )
    }

    static func column(_ name: String) -> JSONValue { node("COLUMN_REF", "COLUMN_REF", [("column_names", .array([.string(name)]))]) }

    static func negation(_ child: JSONValue) -> JSONValue { node("OPERATOR", "OPERATOR_NOT", [("children", .array([child]))]) }

    /// Replaces the column references `__1`, `__2`, … in `body` by `arguments`.
    static func substitute(_ arguments: [JSONValue], into body: JSONValue) -> JSONValue {
        switch body {
        case .array(let elements): return .array(elements.map { substitute(arguments, into: $0) })
        case .object(let members):
            if body.expressionClass == "COLUMN_REF", let name = body["column_names"]?.array?.first?.string, name.hasPrefix("__"),
                let index = Int(name.dropFirst(2)), arguments.indices.contains(index - 1)
            {
                var argument = arguments[index - 1]
                argument["alias"] = .string("")
                return argument
            }
            return .object(members.map { JSONValue.Member(key: $0.key, value: substitute(arguments, into: $0.value)) })
        default: return body
        }
    }

    /// Whether an expression is a literal, possibly cast.
    static func isConstant(_ node: JSONValue) -> Bool {
        node.expressionClass == "CONSTANT" || (node.expressionClass == "CAST" && node["child"].map(isConstant) == true)
    }
}
