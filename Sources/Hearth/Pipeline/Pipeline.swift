import HearthExport
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

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

    /// What became of a span at its end.
    enum Outcome {
        /// It waits, encoded, or was dropped and counted.
        case direct(SpanShard.Signal)
        /// It is to be encoded on the export thread.
        case queued
    }

    let queue: SpanQueue
    /// Empty where records are wanted, or spans wait for their trace: then all go through the queue.
    private let shards: [SpanShard]
    private let direct: DirectEncoder
    private let destinations: [any SpanDestination]
    private let resource: [UInt8]
    private let scrubber: Scrubber?
    private let tailSampling: TailSampling?
    private let options: BatchOptions
    private let emitsPending: Bool
    private let keepsBatches: Bool
    private let monitor = Monitor(State())
    private let taken = Atomic(0)
    private let dropped = Atomic(0)

    init(
        destinations: [any SpanDestination],
        resource: [Attribute],
        scrubber: Scrubber?,
        tailSampling: TailSampling?,
        options: BatchOptions,
        maximumValueLength: Int = .max,
        emitsPending: Bool
    ) {
        queue = SpanQueue(capacity: options.maximumQueuedSpans, bytes: options.maximumQueuedBytes, batchSize: options.maximumBatchSpans)
        direct = DirectEncoder(scrubber: scrubber, maximumValueBytes: maximumValueLength)
        if tailSampling == nil, !destinations.contains(where: { $0.needsRecords }) {
            let budget = SpanBudget(spans: options.maximumQueuedSpans, bytes: options.maximumQueuedBytes)
            let batchSpans = min(max(options.maximumBatchSpans, 1), max(options.maximumQueuedSpans, 1))
            shards = (0..<Self.shardCount).map { _ in
                SpanShard(budget: budget, batchSpans: batchSpans, maximumOpen: max(options.maximumQueuedSpans / Self.shardCount, 1))
            }
        } else {
            shards = []
        }
        self.destinations = destinations
        self.resource = EncodedOrigin.resource(resource)
        self.scrubber = scrubber
        self.tailSampling = tailSampling
        self.options = options
        self.emitsPending = emitsPending
        keepsBatches = destinations.contains { $0.keepsBatches }
    }

    // MARK: Producers

    private static let shardCount = 8

    /// Threads go to shards by chance, each always to the same one.
    @inline(__always)
    func shardOfThread() -> UInt8 {
        let thread = UInt64(truncatingIfNeeded: Self.threadBits())
        return UInt8(truncatingIfNeeded: (thread &* 0x9e37_79b9_7f4a_7c15) >> 61)
    }

    @inline(__always)
    private static func threadBits() -> UInt {
        #if canImport(Darwin)
            UInt(bitPattern: pthread_self())
        #else
            UInt(pthread_self())
        #endif
    }

    @inline(__always)
    func began(_ span: HearthSpan) {
        if shards.isEmpty {
            // Tail sampling learns from starts too.
            if emitsPending || tailSampling != nil { signal(queue.push(span, isStart: true)) }
        } else if emitsPending {
            let (slot, signal) = shards[Int(span.shard)].began(span)
            span.openSlot = slot
            self.signal(signal)
        }
    }

    /// Encodes a span that has just ended, if it is one of the plain ones. Called under the span's lock.
    @inline(__always)
    func encoded(_ span: borrowing HearthSpan, _ state: borrowing SpanState) -> Outcome {
        guard !shards.isEmpty, let plan = direct.plan(span.site, span, state) else { return .queued }
        return .direct(shards[Int(span.shard)].add(plan, span, span.site.scope, state))
    }

    @inline(__always)
    func ended(_ span: HearthSpan, _ outcome: Outcome) {
        switch outcome {
        case .direct(.none): break
        case .direct(.wake): wake(isFull: false)
        case .direct(.full): wake(isFull: true)
        case .queued: enqueue(span)
        }
    }

    private func enqueue(_ span: HearthSpan) {
        if !shards.isEmpty, emitsPending { shards[Int(span.shard)].forget(span.openSlot) }
        signal(queue.push(span, isStart: false, bytes: span.state.withLock { $0.textBytes }))
    }

    @inline(__always)
    private func signal(_ signal: SpanQueue.Signal) {
        if signal != .none { wake(isFull: signal == .full) }
    }

    @inline(__always)
    private func signal(_ signal: SpanShard.Signal) {
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
    var queuedSpans: Int { queue.count + shards.reduce(0) { $0 + $1.count } }

    var statistics: ExportStatistics {
        var result = ExportStatistics()
        result.exported = taken.load(ordering: .relaxed)
        result.dropped = dropped.load(ordering: .relaxed)
        for destination in destinations {
            let counts = destination.counts
            result.delivered += counts.delivered
            result.spooled += counts.spooled
            result.lost += counts.lost
        }
        return result
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
        queue.close()
        for shard in shards { shard.close() }
        monitor.update { $0.isStopping = true }
        // Its last round takes what ended meanwhile and what tail sampling held back; the destinations take nothing once they are shut down.
        let isOver = monitor.wait(until: deadline) { $0.isRunning ? nil : true } ?? false
        // All of them, also after one has failed.
        let results = destinations.map { $0.shutdown(deadline: deadline) }
        return isDrained && isOver && results.allSatisfy { $0 }
    }

    private func drain(deadline: UInt64) -> Bool {
        // Also where the thread could not be started before.
        if queuedSpans > 0 { wake(isFull: true) }
        let goal = monitor.update { state -> Int? in
            guard state.isRunning else { return nil }
            state.flushGoal += 1
            return state.flushGoal
        }
        guard let goal else { return queuedSpans == 0 }
        return monitor.wait(until: deadline) { $0.flushDone >= goal ? true : nil } ?? false
    }

    // MARK: The thread

    private func run() {
        var items: [SpanQueue.Item] = []
        var room: [UInt8] = []
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
            var dropped = queue.take(into: &items)
            self.taken.wrappingAdd(items.count { !$0.isStart }, ordering: .relaxed)
            for shard in shards { dropped += take(shard, &room, &items) }
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

    /// Hands on what is encoded already, and notes spans that are still open.
    private func take(_ shard: SpanShard, _ room: inout [UInt8], _ items: inout [SpanQueue.Item]) -> Int {
        let harvest = shard.take(resource: resource, room: &room)
        for span in harvest.open {
            if let span { items.append(SpanQueue.Item(span: span, isStart: true)) }
        }
        if var batch = harvest.batch {
            taken.wrappingAdd(batch.count, ordering: .relaxed)
            hand(SpanBatch(records: [], encoded: batch))
            // The memory serves again, unless a destination has kept it.
            if keepsBatches {
                room = [UInt8](repeating: 0, count: min(batch.bytes.count, 4 * 1024 * 1024))
            } else {
                swap(&room, &batch.bytes)
            }
        }
        return harvest.dropped
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
        record.shorten(to: direct.maximumValueBytes)
        scrubber?.scrub(&record)
        encoder.add(record)
        if encoder.count >= options.maximumBatchSpans || encoder.byteCount >= 4 * 1024 * 1024 { hand(&encoder) }
    }

    private func hand(_ encoder: inout SpanEncoder) {
        guard encoder.count > 0 else { return }
        hand(encoder.finish())
    }

    private func hand(_ batch: SpanBatch) {
        for destination in destinations { destination.take(batch) }
    }
}
