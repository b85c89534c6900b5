import DuckDBKit
import MessagePages

/// Functions by which SQL reads message bodies from the pages of segments.
enum BodyFunctions {
    /// `hearth_bodies(segment, body)`: the JSON object of a row's message bodies.
    static let bodies = "hearth_bodies"

    /// `hearth_contains(segment, body, key, text, ignores_case)`: whether the value of a key of a row's message bodies has a text. False, not NULL,
    /// for a row without it.
    static let contains = "hearth_contains"

    static func register(_ pages: PageStore, _ connection: borrowing Connection) throws(DuckDBError) {
        try connection.register(ReadBodies(pages: pages), as: bodies)
        try connection.register(SearchBodies(pages: pages), as: contains)
    }
}

private struct ReadBodies: ScalarFunction {
    static let parameters = ["VARCHAR", "UBIGINT"]
    static let result = "JSON"

    let pages: PageStore

    func call(_ arguments: [InputVector], count: Int, into output: OutputVector) throws(ScalarFunctionError) {
        // All rows of a call are of one segment.
        guard count > 0, let segment = arguments[0].string(0) else { return }
        var reader = BodyReader(pages, file: segment)
        for row in 0..<count {
            guard let reference = arguments[1].value(row, as: UInt64.self) else {
                output.setNull(row)
                continue
            }
            do throws(PageError) {
                try reader.withBody(BodyReference(rawValue: reference)) { output.setBytes(row, $0) }
            } catch {
                throw ScalarFunctionError(error.message)
            }
        }
    }
}

private struct SearchBodies: ScalarFunction {
    static let parameters = ["VARCHAR", "UBIGINT", "VARCHAR", "VARCHAR", "BOOLEAN"]
    static let result = "BOOLEAN"

    let pages: PageStore

    func call(_ arguments: [InputVector], count: Int, into output: OutputVector) throws(ScalarFunctionError) {
        // All rows of a call have the same segment and needle.
        guard count > 0, let segment = arguments[0].string(0), let key = arguments[2].string(0), let text = arguments[3].string(0),
            let ignoresCase = arguments[4].bool(0)
        else { return }
        guard let needle = Needle(key: key, text: text, ignoresCase: ignoresCase) else {
            throw ScalarFunctionError("the text cannot be looked for in messages")
        }
        do throws(PageError) {
            var search = try BodySearch(pages, file: segment, needle: needle)
            for row in 0..<count {
                var isFound = false
                if let reference = arguments[1].value(row, as: UInt64.self) {
                    isFound = try search.contains(BodyReference(rawValue: reference))
                }
                output.set(row, isFound)
            }
            search.finish()
        } catch {
            throw ScalarFunctionError(error.message)
        }
    }
}
