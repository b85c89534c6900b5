import Synchronization

/// Delivers batches to one server on a thread of its own: bounded queue of encoded bytes, retries, splits, keep-alive.
package final class Sender: Sendable {
    private struct State {
        var queue: [RecordBatch] = []
        var queuedBytes = 0
        /// Batches submitted and batches done with, ever.
        var submitted = 0
        var finished = 0
        var closing: UInt64?
        var isStopped = false
        var isRunning = false
        /// The server does not take what is sent just now; with a spool, what comes goes there at once.
        var isFailing = false
        /// What lies in the spool is to be sent too.
        var drainsSpool = false
        var statistics = Statistics()
    }

    private let configuration: Configuration
    private let monitor = Monitor(State())

    package init(_ configuration: Configuration) {
        self.configuration = configuration
    }

    package var endpoint: Endpoint { configuration.endpoint }

    package var statistics: Statistics { monitor.withLock { $0.statistics } }

    /// Queues a batch; drops and counts it when too much waits already.
    package func submit(_ batch: RecordBatch) {
        if configuration.spool != nil, monitor.withLock({ $0.isFailing }), spooled(batch, 0..<batch.count) { return }
        let (mustStart, dropped) = monitor.update { state -> (Bool, Int) in
            guard !state.isStopped, state.queuedBytes + batch.bytes.count <= configuration.maximumQueuedBytes || state.queue.isEmpty else {
                return (false, batch.recordCount(of: 0..<batch.count))
            }
            state.queue.append(batch)
            state.queuedBytes += batch.bytes.count
            state.submitted += 1
            defer { state.isRunning = true }
            // What earlier processes left comes with the first batch.
            if !state.isRunning { state.drainsSpool = configuration.spool != nil }
            return (!state.isRunning, 0)
        }
        if dropped > 0, !spooled(batch, 0..<batch.count) {
            drop(dropped)
            Diagnostics.warn(.dropped, "\(dropped) records were dropped because \(target) does not take them fast enough")
        }
        if mustStart, !WorkerThread.start({ self.run() }) {
            monitor.update { $0.isRunning = false }
            Diagnostics.warn(.delivery, "the export thread could not be started")
        }
    }

    /// Waits until everything submitted before is delivered or given up.
    ///
    /// - Returns: false when the deadline passed first.
    package func flush(deadline: UInt64) -> Bool {
        let goal = monitor.withLock { $0.submitted }
        return monitor.wait(until: deadline) { $0.finished >= goal && !$0.drainsSpool ? true : nil } ?? false
    }

    /// From now on repetitions end by the deadline; waits like ``flush(deadline:)`` and takes nothing more afterwards.
    package func shutdown(deadline: UInt64) -> Bool {
        monitor.update { $0.closing = deadline }
        let isDone = flush(deadline: deadline)
        let left = monitor.update { state -> [RecordBatch] in
            state.isStopped = true
            defer { state.queue = [] }
            return state.queue
        }
        let lost = left.filter { !spooled($0, 0..<$0.count) }.reduce(0) { $0 + $1.recordCount(of: 0..<$1.count) }
        if lost > 0 {
            drop(lost)
            Diagnostics.warn(.dropped, "\(lost) records did not reach \(target) before the end of the process")
        }
        return isDone
    }

    /// The server, as warnings name it.
    var target: String { configuration.endpoint.text }

    private func run() {
        var connection = HTTPConnection(to: configuration.endpoint)
        var random = SystemRandomNumberGenerator()
        while true {
            if let spool = configuration.spool, monitor.withLock({ $0.queue.isEmpty && $0.drainsSpool && !$0.isStopped }) {
                if !deliverSpooled(spool, over: &connection, &random) { monitor.update { $0.drainsSpool = false } }
                continue
            }
            let next = monitor.wait(until: nil) { state -> RecordBatch?? in
                if !state.queue.isEmpty {
                    let batch = state.queue.removeFirst()
                    state.queuedBytes -= batch.bytes.count
                    return .some(batch)
                }
                return state.isStopped ? .some(nil) : nil
            }
            guard let next, let batch = next else { break }
            let isTaken = deliver(batch, over: &connection, &random)
            let hasMore = isTaken && configuration.spool?.isEmpty == false
            monitor.update { state in
                state.finished += 1
                if hasMore { state.drainsSpool = true }
            }
        }
        monitor.update { $0.isRunning = false }
    }

    /// Sends a batch in parts that fit; parts that are too large for the server are halved.
    ///
    /// - Returns: whether the server took the last part.
    private func deliver(
        _ batch: RecordBatch,
        over connection: inout HTTPConnection,
        _ random: inout SystemRandomNumberGenerator
    ) -> Bool {
        var isTaken = false
        var parts = [0..<batch.count]
        while let part = parts.popLast() {
            let isTooLarge =
                part.count > configuration.maximumRequestRecords || batch.byteCount(of: part) > configuration.maximumRequestBytes
            if part.count > 1, isTooLarge {
                let middle = part.lowerBound + part.count / 2
                parts.append(middle..<part.upperBound)
                parts.append(part.lowerBound..<middle)
                continue
            }
            isTaken = false
            let records = batch.recordCount(of: part)
            var entry: Spool.Entry?
            var refused = 0
            let action = send(batch.request(part), records: records, &refused, entry: &entry, over: &connection, &random)
            if let held = entry.take() {
                if case .discard(let reason) = action, reason == .closing || reason == .exhausted {
                    // The file stays.
                    kept(records, held)
                    continue
                }
                configuration.spool?.remove(held)
            }
            switch action {
            case .finish, .wait:
                isTaken = true
                monitor.withLock {
                    $0.statistics.deliveredRecords += records - refused
                    $0.statistics.droppedRecords += refused
                }
            case .split where part.count > 1:
                let middle = part.lowerBound + part.count / 2
                parts.append(middle..<part.upperBound)
                parts.append(part.lowerBound..<middle)
            case .split:
                drop(records)
                Diagnostics.warn(.refused, "a record of \(batch.byteCount(of: part)) bytes is too large for \(target) and was dropped")
            case .discard(let reason):
                drop(records)
                if reason == .closing {
                    Diagnostics.warn(.dropped, "\(records) records did not reach \(target) before the end of the process")
                } else if reason == .exhausted {
                    Diagnostics.warn(.dropped, "\(records) records were given up after repeated attempts to reach \(target)")
                }
            }
        }
        return isTaken
    }

    /// Sends the oldest request that lies on disk.
    ///
    /// - Returns: whether there may be more.
    private func deliverSpooled(
        _ spool: Spool,
        over connection: inout HTTPConnection,
        _ random: inout SystemRandomNumberGenerator
    ) -> Bool {
        var body: [UInt8] = []
        var entry = spool.take(&body)
        guard entry != nil else { return false }
        // How many records lie in it was counted when it was put there.
        var refused = 0
        let action = send(body, records: 0, &refused, entry: &entry, over: &connection, &random)
        guard let held = entry.take() else { return false }
        switch action {
        case .discard(.closing), .discard(.exhausted):
            return false
        case .split:
            Diagnostics.warn(.refused, "a spooled request of \(body.count) bytes is too large for \(target) and was dropped")
            spool.remove(held)
        case .finish, .wait, .discard:
            spool.remove(held)
        }
        return true
    }

    /// Leaves records on disk; false when there is no spool or no room in it.
    private func spooled(_ batch: RecordBatch, _ part: Range<Int>) -> Bool {
        guard let held = configuration.spool?.store(batch.request(part)) else { return false }
        kept(batch.recordCount(of: part), held)
        return true
    }

    /// Writes what waits behind a request that failed to disk too, so that it outlives the process.
    private func putAway() {
        let waiting = monitor.withLock { state -> [RecordBatch] in
            state.isFailing = true
            defer {
                state.queue = []
                state.queuedBytes = 0
            }
            return state.queue
        }
        guard !waiting.isEmpty else { return }
        for batch in waiting where !spooled(batch, 0..<batch.count) { drop(batch.recordCount(of: 0..<batch.count)) }
        monitor.update { $0.finished += waiting.count }
    }

    private func kept(_ count: Int, _ entry: consuming Spool.Entry) {
        _ = consume entry
        monitor.withLock { $0.statistics.spooledRecords += count }
    }

    private func drop(_ count: Int) {
        monitor.withLock { $0.statistics.droppedRecords += count }
    }

    /// Sends one request until the machine has decided.
    ///
    /// - Parameters:
    ///   - refused: becomes the number of records that the server did not take although it took the request.
    ///   - entry: the request on disk; written after the first failure, so that it outlives the process.
    private func send(
        _ body: [UInt8],
        records: Int,
        _ refused: inout Int,
        entry: inout Spool.Entry?,
        over connection: inout HTTPConnection,
        _ random: inout SystemRandomNumberGenerator
    ) -> RetryMachine.Action {
        var machine = RetryMachine(configuration.retry, now: SystemTime.monotonic())
        while true {
            let outcome = attempt(body, records: records, &refused, over: &connection)
            let closing = monitor.withLock { $0.closing }
            let now = SystemTime.monotonic()
            let action = machine.receive(outcome, now: now, closing: closing, random: .random(in: 0..<1, using: &random))
            switch action {
            case .wait, .discard(.closing), .discard(.exhausted):
                if entry == nil { entry = configuration.spool?.store(body) }
                if entry != nil { putAway() }
            case .finish, .split, .discard: monitor.withLock { $0.isFailing = false }
            }
            guard case .wait(let pause) = action else { return action }
            // A shutdown ends the pause early; the machine then decides anew.
            let wasClosing = closing != nil
            _ = monitor.wait(until: SystemTime.deadline(after: pause, from: now)) { state -> Bool? in
                !wasClosing && state.closing != nil ? true : nil
            }
        }
    }

    private func attempt(
        _ body: [UInt8],
        records: Int,
        _ refused: inout Int,
        over connection: inout HTTPConnection
    ) -> RetryMachine.Outcome {
        let closing = monitor.withLock { state in
            state.statistics.requests += 1
            return state.closing ?? .max
        }
        do throws(HTTPError) {
            let response = try connection.post(
                body,
                path: configuration.endpoint.path,
                headers: configuration.headers,
                deadline: min(
                    SystemTime.deadline(after: configuration.timeout), max(closing, SystemTime.deadline(after: .milliseconds(50))))
            )
            if let warning = response.header("x-logfire-warning") { Diagnostics.warn(.server, "\(target) says: \(warning)") }
            refused = report(response, records: records)
            return .answered(status: response.status, retryAfter: Self.retryAfter(response.header("retry-after")))
        } catch {
            Diagnostics.warn(.delivery, "could not send to \(target): \(error.text)")
            if case .unreachable = error { return .unreachable }
            return .broken
        }
    }
}
