/// How long a server keeps telemetry at most, and how much of it, whatever its projects say.
public struct RetentionLimits: Sendable, Hashable {
    /// Days that are kept besides the present one; nil for all. Keep rules end there too.
    public var days: Int?
    /// Bytes that the telemetry folder may have; nil for any number. Days go before it is full.
    public var diskBudgetBytes: Int64?

    public init(days: Int? = nil, diskBudgetBytes: Int64? = nil) {
        self.days = days
        self.diskBudgetBytes = diskBudgetBytes
    }

    public var isUnlimited: Bool { days == nil && diskBudgetBytes == nil }
}
