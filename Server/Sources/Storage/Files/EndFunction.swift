import DuckDBKit

/// `hearth_end(end_timestamp, start_timestamp, start_nanosecond, duration)`: the end of a row.
///
/// Since version 8, rows of segments only have an end where it is not their start and their duration, which nearly always it is: a column of times
/// takes three to four bytes a row. Sealing asks the same function, so nothing is left out that it would not give back to the microsecond.
enum EndFunction {
    static let name = "hearth_end"

    static func register(_ connection: borrowing Connection) throws(DuckDBError) { try connection.register(End(), as: name) }

    /// The end of a segment's row.
    ///
    /// - Parameter alias: of the table, with a point, or empty.
    static func value(_ alias: String = "") -> String { call("\(alias)end_timestamp", alias) }

    /// What a segment gets as `end_timestamp` of a hot file's row with alias `s`.
    static let stored = "CASE WHEN s.end_timestamp <> \(call("NULL", "s.")) THEN s.end_timestamp END"

    private static func call(_ end: String, _ alias: String) -> String {
        "\(name)(\(end), \(alias)start_timestamp, \(alias)start_nanosecond, \(alias)duration)"
    }

    /// Microseconds since the Unix epoch.
    ///
    /// - Parameter duration: seconds; nil for what takes no time.
    /// - Returns: the start for a duration that is no number or longer than there are nanoseconds to count.
    static func end(start: Int64, nanosecond: Int16, duration: Double?) -> Int64 {
        guard let nanoseconds = Int64(exactly: ((duration ?? 0) * 1e9).rounded()) else { return start }
        let (sum, hasOverflow) = nanoseconds.addingReportingOverflow(Int64(nanosecond))
        // As the writer does it: down to the microsecond, before 1970 as well.
        return hasOverflow ? start : start &+ (sum >= 0 ? sum / 1000 : -((999 &- sum) / 1000))
    }
}

private struct End: ScalarFunction {
    static let parameters = ["TIMESTAMPTZ", "TIMESTAMPTZ", "SMALLINT", "DOUBLE"]
    static let result = "TIMESTAMPTZ"

    func call(_ arguments: [InputVector], count: Int, into output: OutputVector) throws(ScalarFunctionError) {
        for row in 0..<count {
            if let end = arguments[0].value(row, as: Int64.self) {
                output.set(row, end)
            } else if let start = arguments[1].value(row, as: Int64.self) {
                let nanosecond = arguments[2].value(row, as: Int16.self) ?? 0
                output.set(row, EndFunction.end(start: start, nanosecond: nanosecond, duration: arguments[3].value(row, as: Double.self)))
            } else {
                output.setNull(row)
            }
        }
    }
}
