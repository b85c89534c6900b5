import DuckDBKit
import MessagePages

/// Functions by which SQL reads message bodies from the pages of segments.
enum BodyFunctions {
    /// `hearth_bodies(segment, body)`: the JSON object of a row's message bodies.
    static let bodies = "hearth_bodies"

    static func register(_ pages: PageStore, _ connection: borrowing Connection) throws(DuckDBError) {
        try connection.register(ReadBodies(pages: pages), as: bodies)
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
