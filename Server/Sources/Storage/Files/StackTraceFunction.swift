import DuckDBKit
import GenAI

/// `hearth_stacktrace(exception_stacktrace, events)`: the stack trace of a row.
///
/// A record has it twice, in its first exception event and in a column of its own, and no two are alike, so that neither packs well. Since version 9,
/// rows of segments have ``inEvents`` in the column where the event says the same: sealing asks the same function.
enum StackTraceFunction {
    static let name = "hearth_stacktrace"

    /// Stands in the column for the text of the event.
    static let inEvents = ""

    static func register(_ connection: borrowing Connection) throws(DuckDBError) { try connection.register(StackTrace(), as: name) }

    /// The stack trace of a segment's row.
    ///
    /// - Parameter alias: of the table, with a point, or empty.
    static func value(_ alias: String = "") -> String { "\(name)(\(alias)exception_stacktrace, \(alias)events)" }

    /// What a segment gets as `exception_stacktrace` of a hot file's row with alias `s`.
    static let stored = """
        CASE WHEN s.exception_stacktrace IS NULL THEN NULL WHEN s.exception_stacktrace = \(name)('\(inEvents)', s.events) THEN '\(inEvents)' \
        ELSE s.exception_stacktrace END
        """

    /// Appends the stack trace of the first exception event; false when there is none.
    static func find(in events: UnsafeBufferPointer<UInt8>, _ text: inout [UInt8]) -> Bool {
        let cursor = JSONCursor(events)
        guard let root = cursor.root else { return false }
        var elements = cursor.elements(of: root)
        while let event = elements.next() {
            guard let name = cursor.member("event_name", of: event), cursor.equals(name, "exception") else { continue }
            guard let attributes = cursor.member("attributes", of: event),
                let trace = cursor.member("exception.stacktrace", of: attributes), trace.kind == .string
            else { return false }
            return JSONText.unescape(cursor.content(of: trace), into: &text)
        }
        return false
    }
}

private struct StackTrace: ScalarFunction {
    static let parameters = ["VARCHAR", "JSON"]
    static let result = "VARCHAR"

    func call(_ arguments: [InputVector], count: Int, into output: OutputVector) throws(ScalarFunctionError) {
        var text: [UInt8] = []
        for row in 0..<count {
            if arguments[0].isNull(row) {
                output.setNull(row)
                continue
            }
            arguments[0].withBytes(row) { column in
                guard column.isEmpty, !arguments[1].isNull(row) else { return output.setBytes(row, column) }
                text.removeAll(keepingCapacity: true)
                let isFound = arguments[1].withBytes(row) { StackTraceFunction.find(in: $0, &text) }
                if isFound { text.withUnsafeBufferPointer { output.setBytes(row, $0) } } else { output.setBytes(row, column) }
            }
        }
    }
}
