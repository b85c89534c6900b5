/// Counters of a ``TelemetryStore``.
public struct StorageStatistics: Sendable, Hashable {
    /// Stored rows: spans, logs and pending spans, of all projects.
    public var records: Int64 = 0
    /// Stored metric data points.
    public var metricPoints: Int64 = 0
    /// Bytes of the telemetry folder's files.
    public var bytesOnDisk: Int64 = 0
    /// Rows dropped because they had been stored before, since the store was opened.
    public var repeatsDropped: Int64 = 0
    /// Requests refused because too much was waiting, since the store was opened.
    public var overloads: Int64 = 0
    /// Requests and bytes waiting for their commit.
    public var queuedBatches = 0
    public var queuedBytes = 0
    /// Transactions since the store was opened.
    public var commits: Int64 = 0
    /// Times the engine was closed and opened again after a failure.
    public var reopens: Int64 = 0
    /// Sequence of the newest commit.
    public var lastSequence: Int64 = 0
    /// What could not be recovered when the store was opened, in words; nil when nothing was lost.
    public var recoveryReport: String?
    /// Hot files that wait to be sealed, the one being sealed among them.
    public var waitingHotFiles = 0
    /// Whether a hot file is being sealed.
    public var isSealing = false
    /// Whether no background work is left on what was stored.
    public var isSettled = true
    /// Segments that cannot be read, in words.
    public var unreadableSegments: [String] = []
    /// Days some of whose message bodies cannot be read, in words.
    public var unreadableMessages: [String] = []
}
