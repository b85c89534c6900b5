public import TelemetryModel

/// Where ``ProjectSteps`` reads back what it no longer remembers: the rows committed so far.
///
/// Both calls happen only for traces and responses that are not remembered; answer them from an index that is cheap to ask in vain,
/// because most traces and responses of a commit are new.
public protocol StoredSteps {
    /// The committed steps and links of the given traces; traces without rows are left out.
    func steps(of traces: [TraceID]) throws -> [TraceSteps]
    /// Traces with a committed call that itself names one of `keys` (its provider and response id).
    func traces(naming keys: [ResponseKey]) throws -> [TraceID]
    /// All committed calls with one of the given stream keys (``GenAIStep/streamKey``).
    func streams(of keys: [UInt64]) throws -> [StreamMember]
}

/// A store without rows.
public struct NoStoredSteps: StoredSteps {
    public init() {}
    public func steps(of traces: [TraceID]) -> [TraceSteps] { [] }
    public func traces(naming keys: [ResponseKey]) -> [TraceID] { [] }
    public func streams(of keys: [UInt64]) -> [StreamMember] { [] }
}
