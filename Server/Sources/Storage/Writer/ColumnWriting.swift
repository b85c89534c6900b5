import DuckDBKit
import TelemetryModel

/// Ways in which the model's values are written to columns.
enum ColumnWriting {
    static func text(_ column: inout ColumnWriter, _ row: Int, _ ref: TextRef, _ store: borrowing TextStore) {
        if ref.isNull { return column.setNull(row) }
        store.withBytes(ref) { column.setBytes(row, $0) }
    }

    static func id(_ column: inout ColumnWriter, _ row: Int, _ id: SpanID) {
        if !id.isValid { return column.setNull(row) }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 16) { digits in
            Hex.write(id.value, to: digits.baseAddress.unsafelyUnwrapped)
            column.setBytes(row, UnsafeBufferPointer(digits))
        }
    }

    static func id(_ column: inout ColumnWriter, _ row: Int, _ id: TraceID) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { digits in
            Hex.write(id.high, to: digits.baseAddress.unsafelyUnwrapped)
            Hex.write(id.low, to: digits.baseAddress.unsafelyUnwrapped + 16)
            column.setBytes(row, UnsafeBufferPointer(digits))
        }
    }

    /// Whole microseconds of a time in nanoseconds, rounded down also before 1970.
    static func microseconds(_ nanoseconds: Int64) -> Int64 {
        nanoseconds >= 0 ? nanoseconds / 1000 : -((-nanoseconds + 999) / 1000)
    }

    /// What ``microseconds(_:)`` leaves: 0…999.
    static func nanosecondRest(_ nanoseconds: Int64) -> Int16 {
        Int16(truncatingIfNeeded: nanoseconds - microseconds(nanoseconds) * 1000)
    }
}
