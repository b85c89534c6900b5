import AsyncAlgorithms
public import SQLQuery
public import Storage
public import TelemetryModel

/// What a live subscriber receives.
public enum LiveEvent: Sendable {
    /// New records and changed model calls.
    case batch(LiveBatch)
    /// Nothing new for a while; keeps intermediaries from closing the connection.
    case keepalive
}

/// Follows the committed records of a project from any commit sequence on.
///
/// Each event is a query for what was committed after the last one, woken by the writer's commits: whatever the subscriber
/// missed is still in storage, so nothing is skipped or repeated however slow it reads, and no per-subscriber queue exists.
/// The sequence is pulled: a subscriber that does not read costs nothing.
public struct LiveFeed: AsyncSequence, Sendable {
    public typealias Element = LiveEvent
    public typealias Failure = any Error

    /// How a feed behaves; the same for all subscribers.
    public struct Settings: Sendable {
        /// Shortest time between two batches of one subscriber, so that a burst of commits becomes few queries.
        public var pace: Duration = .milliseconds(150)
        public var keepalive: Duration = .seconds(10)
        /// Most records in one batch; more follow in the next.
        public var batchLimit = 500

        public init() {}
    }

    private let store: TelemetryStore
    private let queries: QueryEngine
    private let settings: Settings
    private let project: ProjectID
    private let start: Int64
    private let filter: String?

    /// - Parameters:
    ///   - sequence: the last commit the subscriber has seen.
    ///   - filter: a SQL condition over `records_all`, already validated; nil for everything.
    public init(
        store: TelemetryStore, queries: QueryEngine, project: ProjectID, after sequence: Int64, filter: String?,
        settings: Settings = Settings()
    ) {
        self.store = store
        self.queries = queries
        self.settings = settings
        self.project = project
        self.start = sequence
        self.filter = filter
    }

    public func makeAsyncIterator() -> Iterator {
        Iterator(feed: self)
    }

    /// Pulls one event at a time.
    public struct Iterator: AsyncIteratorProtocol {
        private typealias Signals = AsyncMerge2Sequence<
            AsyncMapSequence<AsyncStream<Int64>, Bool>, AsyncMapSequence<AsyncTimerSequence<ContinuousClock>, Bool>
        >

        private let feed: LiveFeed
        private var signals: Signals.AsyncIterator
        private var cursor: Int64
        /// Set while rows may wait: at the start and after a batch.
        private var hasMore = true
        private var lastBatch: ContinuousClock.Instant?

        fileprivate init(feed: LiveFeed) {
            self.feed = feed
            cursor = feed.start
            signals = merge(
                feed.store.subscribe().map { _ in true },
                AsyncTimerSequence(interval: feed.settings.keepalive, clock: ContinuousClock()).map { _ in false }
            ).makeAsyncIterator()
        }

        public mutating func next() async throws -> LiveEvent? {
            while true {
                if !hasMore {
                    guard let isCommit = await signals.next(isolation: #isolation) else { return nil }
                    if !isCommit { return .keepalive }
                }
                if let lastBatch { try await Task.sleep(until: lastBatch + feed.settings.pace, clock: .continuous) }
                let batch = try await feed.queries.live(
                    after: cursor, filter: feed.filter, limit: feed.settings.batchLimit, project: feed.project)
                hasMore = !batch.isEmpty
                cursor = Swift.max(cursor, batch.sequence)
                lastBatch = .now
                if !batch.isEmpty { return .batch(batch) }
            }
        }
    }
}
