import DuckDBKit
import TelemetryModel

/// The number by which steps and decisions about them are joined: a hash of the ids, the same on every run and machine.
enum StepKey {
    static func of(_ trace: TraceID, _ span: SpanID) -> UInt64 {
        var hash = StableHash()
        hash.combine(trace.high)
        hash.combine(trace.low)
        hash.combine(span.value)
        return hash.finalize()
    }

    /// `hearth_step_key(trace_id, span_id)`, for rows of versions that did not store it.
    static let function = "hearth_step_key"

    static func register(_ connection: borrowing Connection) throws(DuckDBError) {
        try connection.register(Function(), as: function)
    }

    private struct Function: ScalarFunction {
        static let parameters = ["VARCHAR", "VARCHAR"]
        static let result = "UBIGINT"

        func call(_ arguments: [InputVector], count: Int, into output: OutputVector) throws(ScalarFunctionError) {
            for row in 0..<count {
                guard let trace = arguments[0].string(row).flatMap({ StoredID.trace($0) }), let text = arguments[1].string(row),
                    let span = UInt64(text, radix: 16)
                else {
                    output.setNull(row)
                    continue
                }
                output.set(row, StepKey.of(trace, SpanID(span)))
            }
        }
    }
}
