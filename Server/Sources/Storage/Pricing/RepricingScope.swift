public import TelemetryModel

/// Which calls are priced again.
public struct RepricingScope: Sendable {
    public var project: ProjectID
    /// Start of the calls in microseconds since the Unix epoch; the second is excluded, nil for no limit.
    public var since: Int64
    public var until: Int64?
    /// Only say what would change.
    public var isDryRun: Bool

    public init(project: ProjectID, since: Int64, until: Int64?, isDryRun: Bool) {
        self.project = project
        self.since = since
        self.until = until
        self.isDryRun = isDryRun
    }
}

/// What pricing again has done so far. Counts records that stand for a call; those merged into one are priced too, but not counted.
public struct RepricingProgress: Sendable, Equatable {
    /// Calls of a provider and model.
    public struct ModelChange: Sendable, Equatable {
        public var calls = 0
        public var changed = 0
        /// USD of the calls that have a cost.
        public var costBefore = 0.0
        public var costAfter = 0.0
    }

    public struct ModelKey: Sendable, Hashable, Comparable {
        public var provider: String?
        public var model: String?

        public static func < (a: ModelKey, b: ModelKey) -> Bool {
            (a.provider ?? "", a.model ?? "") < (b.provider ?? "", b.model ?? "")
        }
    }

    /// Calls in the scope, whatever their cost comes from.
    public var total = 0
    /// Calls looked at so far.
    public var calls = 0
    /// Calls whose cost, parts or note differ now.
    public var changed = 0
    public var newlyPriced = 0
    public var newlyUnpriced = 0
    /// Calls whose cost was sent, which stays.
    public var keptSent = 0
    /// USD of the calls that have a cost, sent ones included.
    public var costBefore = 0.0
    public var costAfter = 0.0
    public var models: [ModelKey: ModelChange] = [:]
}
