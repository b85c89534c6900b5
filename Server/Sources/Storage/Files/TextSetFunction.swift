import DuckDBKit

/// `hearth_within(text, texts)`: whether a text is one of a long constant list, as `text IN (…)`.
///
/// The engine would make such a list a join, one for every file of the table, and each keeps megabytes: forty days and a list of fifty ids
/// were more than its whole budget. So lists are compared one by one (see ``EngineSettings``), and long ones are looked up here.
public enum TextSetFunction {
    /// Its name in SQL.
    public static let name = "hearth_within"

    /// The second argument.
    public static func list(_ texts: some Sequence<String>) -> String { TextSet.encode(texts) }

    /// Lists up to this length are compared one by one.
    private static let shortList = 8

    /// SQL for `column IN (…)`: with every row a long list would be gone through from one end to the other.
    static func condition(_ column: String, _ texts: some Collection<String>) -> String {
        func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }
        if texts.count <= shortList { return "\(column) IN (\(texts.map(quoted).joined(separator: ", ")))" }
        return "\(name)(\(column), \(quoted(list(texts))))"
    }

    static func register(_ connection: borrowing Connection) throws(DuckDBError) { try connection.register(Within(), as: name) }
}

private struct Within: ScalarFunction {
    static let parameters = ["VARCHAR", "VARCHAR"]
    static let result = "BOOLEAN"

    func call(_ arguments: [InputVector], count: Int, into output: OutputVector) throws(ScalarFunctionError) {
        // All rows of a call have the same list.
        guard count > 0 else { return }
        let isRead = arguments[1].withBytes(0) { encoded in
            guard let texts = TextSet(encoded) else { return false }
            for row in 0..<count {
                if arguments[0].isNull(row) {
                    output.setNull(row)
                } else {
                    output.set(row, arguments[0].withBytes(row) { texts.contains($0) })
                }
            }
            return true
        }
        guard isRead else { throw ScalarFunctionError("\(TextSetFunction.name) was called with something else than a list of texts") }
    }
}
