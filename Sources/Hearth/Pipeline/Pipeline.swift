import HearthExport
import Synchronization

/// The way of spans from their end to the destinations, on one thread: take, scrub, encode once, hand on.
final class Pipeline: Sendable {
    private struct State {
        var hasWork = false
        var isFull = false
        var flushGoal = 0
        var flushDone = 0
        var isStopping = false
        var isRunning = false
    }

    let queue: SpanQueue
    private let destinations: [any RecordDestination]
    private let resource: [UInt8]
    private let scrubber: Scrubber?
    private let tailSampling: TailSampling?
    private let options: BatchOptions
    private let emitsPending: Bool
    private let monitor = Monitor(State())
    private let taken = Atomic(0)
    private let dropped = Atomic(0)

    init(
        destinations: [any RecordDestination],
        resource: [Attribute],
        scrubber: Scrubber?,
        tailSampling: TailSampling?,
        options: BatchOptions,
        emitsPending: Bool
    ) {
        queue = SpanQueue(capacity: options.maximumQueuedSpans, batchSize: options.maximumBatchSpans)
        self.destinations = destinations
        self.resource = SpanEncoder.encode(resource: resource)
        self.scrubber = scrubber
        self.tailSampling = tailSampling
        self.options = options
        self.emitsPending = emitsPending
    }

    // MARK: Producers

    @inline(__always)
    func began(_ span: HearthSpan) {
        // Tail sampling learns from starts too.
        if emitsPending || tailSampling != nil { signal(queue.push(span, isStart: true)) }
    }

    @inline(__always)
    func ended(_ span: HearthSpan) {
        signal(queue.push(span, isStart: false))
    }

    @inline(__always)
    private func signal(_ signal: SpanQueue.Signal) {
        if signal != .none { wake(isFull: signal == .full) }
    }

    private func wake(isFull: Bool) {
        let mustStart = monitor.update { state in
            state.hasWork = true
            if isFull { state.isFull = true }
            defer { if !state.isStopping { state.isRunning = true } }
            return !state.isRunning && !state.isStopping
        }
        if mustStart, !WorkerThread.start({ self.run() }) {
            monitor.update { $0.isRunning = false }
            Diagnostics.warn(.delivery, "the export thread could not be started")
        }
    }

    /// Spans that wait for the export thread.
    var queuedSpans: Int { queue.count }

    /// What went through the queue since the configuration was made.
    var statistics: (ended: Int, dropped: Int) {
        let dropped = dropped.load(ordering: .relaxed)
        return (taken.load(ordering: .relaxed) + dropped, dropped)
    }

    // MARK: Waiting

    /// Waits until all spans that have ended are delivered or given up.
    ///
    /// - Parameter deadline: a moment of the monotonic clock.
    func flush(deadline: UInt64) -> Bool {
        drain(deadline: deadline) && destinations.allSatisfy { $0.flush(deadline: deadline) }
    }

    /// Like ``flush(deadline:)``, but repetitions end by the deadline, and nothing is taken afterwards.
    func shutdown(deadline: UInt64) -> Bool {
        let isDrained = drain(deadline: deadline)
        monitor.update { $0.isStopping = true }
        queue.close()
        // All of them, also after one has failed.
        let results = destinations.map { $0.shutdown(deadline: deadline) }
        return isDrained && results.allSatisfy { $0 }
    }

    private func drain(deadline: UInt64) -> Bool {
        let goal = monitor.update { state -> Int? in
            guard state.isRunning else { return nil }
            state.flushGoal += 1
            return state.flushGoal
        }
        guard let goal else { return true }
        return monitor.wait(until: deadline) { $0.flushDone >= goal ? true : nil } ?? false
    }

    // MARK: The thread

    private func run() {
        var items: [SpanQueue.Item] = []
        var encoder = SpanEncoder(resource: resource, keepsRecords: destinations.contains { $0.needsRecords })
        var sampler = tailSampling.map(TailSampler.init)
        var batches = 0
        while true {
            let isStopping = monitor.wait(until: nil) { state -> Bool? in
                if state.hasWork || state.flushGoal > state.flushDone { return state.isStopping }
                return state.isStopping ? true : nil
            }
            if isStopping != true {
                let pause = batches < 10 ? min(options.delay, .milliseconds(100)) : options.delay
                _ = monitor.wait(until: SystemTime.deadline(after: pause)) { state -> Bool? in
                    state.isFull || state.isStopping || state.flushGoal > state.flushDone ? true : nil
                }
            }
            let goal = monitor.withLock { state in
                state.hasWork = false
                state.isFull = false
                return state.flushGoal
            }
            let dropped = queue.take(into: &items)
            self.taken.wrappingAdd(items.count { !$0.isStart }, ordering: .relaxed)
            if dropped > 0 {
                self.dropped.wrappingAdd(dropped, ordering: .relaxed)
                Diagnostics.warn(.dropped, "\(dropped) spans were dropped because they came faster than they can be sent")
            }
            process(&items, &encoder, &sampler)
            if isStopping == true {
                for record in sampler?.finish() ?? [] { encode(record, &encoder) }
                hand(&encoder)
            }
            items.removeAll(keepingCapacity: items.capacity <= 16_384)
            batches += 1
            monitor.update { $0.flushDone = max($0.flushDone, goal) }
            if isStopping == true { break }
        }
        monitor.update { state in
            state.isRunning = false
            state.flushDone = state.flushGoal
        }
    }

    private func process(_ items: inout [SpanQueue.Item], _ encoder: inout SpanEncoder, _ sampler: inout TailSampler?) {
        for item in items {
            guard let record = SpanRecord(item.span, isPending: item.isStart) else { continue }
            guard sampler != nil else {
                encode(record, &encoder)
                continue
            }
            for kept in sampler?.take(record) ?? [] where emitsPending || kept.kind != .pending { encode(kept, &encoder) }
        }
        hand(&encoder)
    }

    private func encode(_ record: SpanRecord, _ encoder: inout SpanEncoder) {
        var record = record
        scrubber?.scrub(&record)
        encoder.add(record)
        if encoder.count >= options.maximumBatchSpans || encoder.byteCount >= 4 * 1024 * 1024 { hand(&encoder) }
    }

    private func hand(_ encoder: inout SpanEncoder) {
        guard encoder.count > 0 else { return }
        let batch = encoder.finish()
        for destination in destinations { destination.take(batch) }
    }
}
