import HearthExport
import Synchronization

/// Collects all metrics at intervals, on a thread of its own that callbacks may block without harm to spans.
final class MetricReader: Sendable {
    private struct State {
        var goal = 0
        var done = 0
        var isStopping = false
        var isRunning = false
    }

    let settings: MetricsSettings
    private let destinations: [any MetricDestination]
    private let resource: [UInt8]
    private let storages = Mutex<[InstrumentStorage]>([])
    private let clock = Mutex(MetricClock(wall: SystemTime.wall(), monotonic: SystemTime.monotonic()))
    private let monitor = Monitor(State())
    private let sdkMetrics = Mutex<SDKMetrics?>(nil)

    init(_ settings: MetricsSettings, destinations: [any MetricDestination], resource: [Attribute]) {
        self.settings = settings
        self.destinations = destinations
        self.resource = EncodedOrigin.resource(resource)
    }

    /// Makes the storage of an instrument and begins collecting.
    func add(_ instrument: Instrument) -> InstrumentStorage {
        let storage = makeStorage(instrument)
        start()
        return storage
    }

    private func makeStorage(_ instrument: Instrument) -> InstrumentStorage {
        let storage = InstrumentStorage(
            instrument,
            streams: settings.streams(of: instrument, now: clock.withLock { $0.last }),
            exemplars: settings.exemplars,
            collectsInSpans: settings.collectInSpans.contains(instrument.identity)
        )
        storages.withLock { $0.append(storage) }
        return storage
    }

    /// Also tells about the SDK itself.
    ///
    /// - Parameter statistics: looked up at each collection.
    func observe(_ statistics: @escaping @Sendable () -> SDKStatistics) {
        guard settings.sdkMetrics != .none else { return }
        let metrics = SDKMetrics(settings.sdkMetrics, statistics, makeStorage)
        sdkMetrics.withLock { $0 = metrics }
        if settings.sdkMetrics == .all { start() }
    }

    private func start() {
        // Without destinations only spans need measurements.
        guard !destinations.isEmpty else { return }
        let mustStart = monitor.update { state in
            defer { if !state.isStopping { state.isRunning = true } }
            return !state.isRunning && !state.isStopping
        }
        if mustStart, !WorkerThread.start({ self.run() }) {
            monitor.update { $0.isRunning = false }
            Diagnostics.warn(.delivery, "the metrics thread could not be started")
        }
    }

    // MARK: Waiting

    /// Waits until the collection that was asked for last is delivered or given up.
    ///
    /// - Parameter deadline: a moment of the monotonic clock.
    func flush(deadline: UInt64) -> Bool {
        waitForCollection(deadline) && destinations.allSatisfy { $0.flush(deadline: deadline) }
    }

    /// Asks for a collection without waiting for it.
    func beginCollection() {
        if sdkMetrics.withLock({ $0 })?.hasSomethingToTell == true { start() }
        monitor.update { $0.goal += 1 }
    }

    private func waitForCollection(_ deadline: UInt64) -> Bool {
        // A callback cannot wait for the collection that is waiting for it.
        if CollectionScope.isInside { return false }
        let (goal, isRunning) = monitor.withLock { ($0.goal, $0.isRunning) }
        guard isRunning else { return true }
        return monitor.wait(until: deadline) { $0.done >= goal || !$0.isRunning ? true : nil } ?? false
    }

    /// Delivers the collection that was asked for last; nothing is collected afterwards.
    func shutdown(deadline: UInt64) -> Bool {
        // What became of the last spans is known only now.
        if settings.sdkMetrics == .all || sdkMetrics.withLock({ $0 })?.hasSomethingToTell == true { beginCollection() }
        let isCollected = waitForCollection(deadline)
        monitor.update { $0.isStopping = true }
        let results = destinations.map { $0.shutdown(deadline: deadline) }
        for storage in storages.withLock({ $0 }) {
            for stream in storage.streams { stream.removeAll() }
        }
        return isCollected && results.allSatisfy { $0 }
    }

    // MARK: The thread

    private func run() {
        var next = SystemTime.deadline(after: settings.interval)
        while true {
            let goal = monitor.wait(until: next) { state -> Int? in
                state.isStopping || state.goal > state.done ? state.goal : nil
            }
            if goal != nil, monitor.withLock({ $0.isStopping && $0.goal <= $0.done }) { break }
            if goal == nil {
                // Collections that were missed, as while the machine slept, are not made up for.
                let now = SystemTime.monotonic()
                let interval = max(settings.interval, 1_000_000)
                next = SystemTime.deadline(after: interval - (now - next) % interval, from: now)
            }
            let begin = SystemTime.monotonic()
            let records = collect()
            sdkMetrics.withLock { $0 }?.collectionTook(SystemTime.monotonic() &- begin)
            hand(records)
            if let goal { monitor.update { $0.done = max($0.done, goal) } }
        }
        monitor.update { state in
            state.isRunning = false
            state.done = state.goal
        }
    }

    /// Asks the callbacks and takes all points since the last collection.
    func collect() -> [MetricRecord] {
        sdkMetrics.withLock { $0 }?.observe()
        let storages = storages.withLock { $0 }
        CollectionScope.$isInside.withValue(true) {
            for storage in storages where storage.instrument.identity.kind.isObservable { storage.instrument.observe(into: storage) }
        }
        let now = clock.withLock { $0.tick(wall: SystemTime.wall(), monotonic: SystemTime.monotonic()) }
        return storages.flatMap { $0.streams }.compactMap { $0.collect(now: now) }
    }

    private func hand(_ records: [MetricRecord]) {
        guard !records.isEmpty else { return }
        let batch = MetricBatch(
            records: destinations.contains { $0.needsRecords } ? records : [],
            encoded: MetricEncoder.encode(records, resource: resource)
        )
        for destination in destinations { destination.take(batch) }
    }
}

/// Whether a callback is being asked.
private enum CollectionScope {
    @TaskLocal static var isInside = false
}
