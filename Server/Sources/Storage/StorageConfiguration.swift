public import GenAI
public import Logging

/// Where telemetry is kept and what the engine may use.
public struct StorageConfiguration: Sendable {
    /// The data folder; telemetry goes to its subfolder `telemetry`, which is created when missing.
    public var directory: String
    /// Memory the engine may use for all queries and the writer together, in bytes.
    public var memoryLimitBytes = 176 << 20
    /// How many threads may work on one statement: the one that runs it, and others when it takes long. All statements share those.
    public var threads = 2
    /// Bytes of requests that may wait for their commit; beyond that ``TelemetryStore/write(_:)`` answers ``StorageError/Code/overloaded``.
    public var inFlightBudgetBytes = 64 << 20
    /// Bytes and rows of requests that one transaction takes at most.
    public var groupByteLimit = 16 << 20
    public var groupRowLimit = 8192
    /// Size of a hot file and its log at which the next one is begun. What is not sealed is read again at every start (2.4 ms a megabyte,
    /// `storage.md` §8) and held in memory.
    public var rotationBytes = Self.defaultRotationBytes
    private static let defaultRotationBytes = 24 << 20
    /// How rows lie in segments, and so how many a hot file has before the next one is begun.
    var layout = SegmentLayout()
    /// Rows of a hot file at which the next one is begun. Who asks for larger hot files than usual wants them to have more rows.
    var rotationRows: Int64 { rotationBytes > Self.defaultRotationBytes ? .max : Int64(layout.hotRows) }
    /// How long nobody must have sent anything before the hot file is sealed, in seconds.
    public var idleSeconds = 10.0
    /// Smallest hot file that is sealed for that reason before ``rotationSeconds`` are over: small pieces cost more than they are worth.
    public var idleRotationBytes = 512 << 10
    /// Age at which a hot file with rows is sealed anyway, in seconds.
    public var rotationSeconds = 3600.0
    /// Bytes of hot files that wait to be sealed at which requests are refused until the sealer has caught up.
    public var sealingBacklogBytes = 512 << 20
    /// Memory for unpacked pages of message bodies, in bytes.
    public var pageCacheBytes = 24 << 20
    /// Memory for the state of recently touched traces that decisions about model calls need, in bytes.
    public var stepCacheBytes = 32 << 20
    /// Prices calls whose tokens came together from several records; nil leaves them with the price of the record that stands for the call.
    public var pricing: (any CallPricing)?
    public var logger = Logger(label: "hearth.storage")
    /// Makes the commit with this number (from 1) fail, for tests of recovery.
    var commitFault: (@Sendable (Int) -> DuckDBFault?)?
    /// Makes sealing fail after a stage, for tests of recovery.
    var sealFault: (@Sendable (SealStage) -> Bool)?
    /// Makes writing a segment anew end after a stage, for tests of recovery.
    var retentionFault: (@Sendable (RetentionStage) -> Bool)?

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
