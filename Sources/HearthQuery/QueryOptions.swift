/// What limits the answer of a query.
public struct QueryOptions: Sendable, Hashable {
    /// Rows before it are not seen.
    public var minimumTimestamp: QueryTimestamp = .earliest
    /// Rows behind it are not seen; nil is no limit.
    public var maximumTimestamp: QueryTimestamp?
    /// Most rows of the answer; servers allow 10,000 unless they are told otherwise.
    public var limit = 10_000
    /// Name of the time zone that calendar functions count in, such as `Europe/Berlin`; UTC when nil.
    public var timezone: String?
    /// Only rows of these deployment environments; the empty text stands for rows without one. Nil is all.
    public var deploymentEnvironments: [String]?

    /// All rows of all times, as many as servers allow, unless told otherwise.
    public init(
        minimumTimestamp: QueryTimestamp = .earliest,
        maximumTimestamp: QueryTimestamp? = nil,
        limit: Int = 10_000,
        timezone: String? = nil,
        deploymentEnvironments: [String]? = nil
    ) {
        self.minimumTimestamp = minimumTimestamp
        self.maximumTimestamp = maximumTimestamp
        self.limit = limit
        self.timezone = timezone
        self.deploymentEnvironments = deploymentEnvironments
    }
}
