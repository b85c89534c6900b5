public import GenAI
public import Logging

/// Where telemetry is kept and what the engine may use.
public struct StorageConfiguration: Sendable {
    /// The data folder; telemetry goes to its subfolder `telemetry`, which is created when missing.
    public var directory: String
    /// Memory the engine may use for all queries and the writer together, in bytes.
    public var memoryLimitBytes = 384 << 20
    /// Threads of the engine, shared by all queries.
    public var threads = 2
    /// Bytes of requests that may wait for their commit; beyond that ``TelemetryStore/write(_:)`` answers ``StorageError/Code/overloaded``.
    public var inFlightBudgetBytes = 64 << 20
    /// Bytes and rows of requests that one transaction takes at most.
    public var groupByteLimit = 16 << 20
    public var groupRowLimit = 8192
    /// Size of the log at which the engine checkpoints by itself, within a commit.
    public var checkpointThresholdBytes = 256 << 20
    /// Size of the log at which an idle writer checkpoints.
    public var idleCheckpointBytes = 8 << 20
    /// How long the writer must have had nothing to do before it checkpoints, in seconds.
    public var idleCheckpointSeconds = 2.0
    /// Largest log that is checkpointed at shutdown. A larger one would take longer than a shutdown may (about 30 ms a megabyte); it is
    /// read at the next start instead (2.4 ms a megabyte, `storage.md` §8).
    public var finalCheckpointBytes = 32 << 20
    /// Memory for the state of recently touched traces that decisions about model calls need, in bytes.
    public var stepCacheBytes = 32 << 20
    /// Prices calls whose tokens came together from several records; nil leaves them with the price of the record that stands for the call.
    public var pricing: (any CallPricing)?
    public var logger = Logger(label: "hearth.storage")
    /// Makes the commit with this number (from 1) fail, for tests of recovery.
    var commitFault: (@Sendable (Int) -> DuckDBFault?)?

    /// - Parameter directory: path of the data folder.
    public init(directory: String) {
        self.directory = directory
    }
}

/// A failure that tests put in the place of a commit.
struct DuckDBFault: Sendable {
    /// The message an engine would give, with its prefix.
    var message: String
    /// Whether the failure comes after the transaction has become durable.
    var afterCommit = false
}
