/// A statement parameter.
public enum Value: Sendable, Hashable {
    case null
    case bool(Bool)
    case int64(Int64)
    case uint64(UInt64)
    case double(Double)
    case text(String)
    case blob([UInt8])
    /// Microseconds since the Unix epoch, UTC.
    case timestampTZ(Int64)
}
