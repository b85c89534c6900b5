import TelemetryModel

/// Level names compared with the `level` column become the numbers they start at: `level >= 'error'`.
enum LevelNames {
    static func number(_ name: String) -> Int? {
        let name = name.lowercased()
        if name == "warning" { return Int(Level.warn) }
        return Level.names.first { $0.name == name }.map { Int($0.number) }
    }

    private static func isLevel(_ node: JSONValue?) -> Bool {
        guard let node, node.expressionClass == "COLUMN_REF" else { return false }
        return node["column_names"]?.array?.last?.string?.lowercased() == "level"
    }

    /// Replaces names in one comparison; other nodes stay as they are.
    static func rewrite(_ node: inout JSONValue) throws(QueryError) {
        switch node.expressionClass {
        case "COMPARISON":
            if isLevel(node["left"]) { try replace(&node, "right") }
            if isLevel(node["right"]) { try replace(&node, "left") }
        case "BETWEEN" where isLevel(node["input"]):
            try replace(&node, "lower")
            try replace(&node, "upper")
        case "OPERATOR" where node.nodeType == "COMPARE_IN" || node.nodeType == "COMPARE_NOT_IN":
            var children = node.children
            guard isLevel(children.first) else { return }
            for index in children.indices.dropFirst() { try replace(&children[index]) }
            node["children"] = .array(children)
        default: return
        }
    }

    private static func replace(_ node: inout JSONValue, _ key: String) throws(QueryError) {
        guard var value = node[key] else { return }
        try replace(&value)
        node[key] = value
    }

    private static func replace(_ value: inout JSONValue) throws(QueryError) {
        guard let name = value.stringConstant, Int(name) == nil else { return }
        guard let number = number(name) else {
            let known = Level.names.map(\.name).joined(separator: ", ")
            throw QueryError(code: .execution, message: "\(name) is not a level; the levels are \(known)", position: value.location)
        }
        var constant = Expressions.integer(number)
        constant["alias"] = value["alias"]
        value = constant
    }
}
