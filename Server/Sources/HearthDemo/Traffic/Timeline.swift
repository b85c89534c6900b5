/// The story as the services' SDKs export it: each flushes twice a second, announcing spans that are open and sending those that ended.
///
/// A span that starts and ends between two flushes is not announced, as in the logfire SDK.
struct Timeline: Sendable {
    /// Between two flushes of one service, nanoseconds.
    static let flushInterval: Int64 = 500_000_000
    private static let step = flushInterval / Int64(DemoService.allCases.count)
    /// Between two metric exports, nanoseconds.
    private static let metricInterval: Int64 = 15_000_000_000

    private struct Waiting: Sendable {
        var span: SpanDraft
        var isAnnounced = false
    }

    private let clock: DemoClock
    private var schedule: Schedule
    private var upcoming: Schedule.Entry
    private var random: DemoRandom
    private var identifiers: IdentifierSource
    private var waiting: [DemoService: [Waiting]] = [:]
    private var waitingLogs: [DemoService: [LogDraft]] = [:]
    private var meters: [DemoService: Meter] = [:]
    /// Flushes so far; the services take turns, so that something arrives all the time.
    private var turn: Int64 = 0
    private var stopTime: Int64?
    private var isFinished = false

    /// What has been exported so far.
    private(set) var truth: DemoTruth

    init(seed: UInt64, clock: DemoClock) {
        self.clock = clock
        var random = DemoRandom(seed: seed)
        schedule = Schedule(random: random.fork())
        identifiers = IdentifierSource(random: random.fork(), startTime: clock.storyStart)
        self.random = random
        truth = DemoTruth(seed: seed)
        upcoming = schedule.next()
        for service in DemoService.allCases { meters[service] = Meter(start: clock.storyStart) }
    }

    /// Story time (Unix nanoseconds) of the next export; nil when everything has been exported.
    var nextTime: Int64? {
        if let stopTime { return isFinished ? nil : stopTime }
        return isFinished ? nil : min(clock.storyStart + (turn + 1) * Self.step, end)
    }

    /// What is exported at ``nextTime``: one service's turn, at the end everything that is left.
    mutating func advance() -> [ServiceBatch] {
        guard let time = nextTime else { return [] }
        let services = DemoService.allCases
        guard stopTime != nil || time == end else {
            let service = services[Int(turn) % services.count]
            turn += 1
            return [flush(service, at: time)].compactMap(\.self)
        }
        isFinished = true
        return services.compactMap { flush($0, at: time, isLast: true) }
    }

    /// Ends the story early: nothing new starts, what is open ends at `time`, and the next export is the last.
    mutating func stop(at time: Int64) {
        stopTime = time
        for service in DemoService.allCases {
            for index in (waiting[service] ?? []).indices { waiting[service]?[index].span.end(by: time) }
            for index in (waitingLogs[service] ?? []).indices { waitingLogs[service]?[index].time.clamp(to: time) }
        }
    }

    // MARK: Parts

    private var end: Int64 { clock.storyStart + clock.storyLength }

    /// What `service` exports at `time`; nil when there is nothing.
    private mutating func flush(_ service: DemoService, at time: Int64, isLast: Bool = false) -> ServiceBatch? {
        tell(until: time)
        var batch = ServiceBatch(service: service)
        var remaining: [Waiting] = []
        for var entry in waiting[service] ?? [] {
            if entry.span.end <= time {
                send(entry.span, in: &batch)
            } else {
                if entry.span.start <= time, !entry.isAnnounced, entry.span.style == .logfire {
                    entry.isAnnounced = true
                    batch.spans.append(.pending(entry.span))
                    truth.countPending(entry.span)
                }
                remaining.append(entry)
            }
        }
        waiting[service] = remaining
        let logs = waitingLogs[service] ?? []
        batch.logs = logs.filter { $0.time <= time }
        waitingLogs[service] = logs.filter { $0.time > time }
        for log in batch.logs { truth.count(log) }
        if let start = meters[service]?.start, isLast || time - start >= Self.metricInterval {
            batch.metrics = meters[service]?.export(at: time) ?? []
            truth.countMetricPoints(batch.metrics.reduce(0) { $0 + $1.points.count }, of: service)
        }
        return batch.isEmpty ? nil : batch
    }

    private mutating func tell(until time: Int64) {
        while stopTime == nil, clock.storyStart + upcoming.offset <= min(time, end) {
            var stage = Stage(start: clock.storyStart + upcoming.offset, random: random.fork(), identifiers: identifiers.fork())
            let traces = upcoming.scenario.tell(&stage)
            // What would not be over in time is left out, whole.
            if traces.allSatisfy({ $0.end <= end }) {
                for trace in traces {
                    for span in trace.spans { waiting[span.service, default: []].append(Waiting(span: span)) }
                    for log in trace.logs { waitingLogs[log.service, default: []].append(log) }
                }
            }
            upcoming = schedule.next()
        }
    }

    private mutating func send(_ span: SpanDraft, in batch: inout ServiceBatch) {
        batch.spans.append(.final(span))
        truth.count(span)
        meters[span.service]?.measure(span)
    }
}

extension SpanDraft {
    fileprivate mutating func end(by time: Int64) {
        start.clamp(to: time)
        end.clamp(to: time)
        for index in events.indices { events[index].time.clamp(to: time) }
    }
}

extension Int64 {
    fileprivate mutating func clamp(to limit: Int64) {
        self = Swift.min(self, limit)
    }
}
