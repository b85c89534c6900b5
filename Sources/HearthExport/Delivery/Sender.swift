import Synchronization

/// Delivers batches to one server on a thread of its own: bounded queue of encoded bytes, retries, splits, keep-alive.
package final class Sender: Sendable {
    package struct Configuration: Sendable {
        /// With the path of the signal.
        package var endpoint: Endpoint
        /// Validated; `Authorization`, `User-Agent` and the like.
        package var headers: [(name: String, value: String)]
        /// Nanoseconds for one request.
        package var timeout: UInt64 = 10_000_000_000
        /// Larger requests are sent in parts.
        package var maximumRequestBytes = 5 * 1024 * 1024
        /// Requests with more are sent in parts.
        package var maximumRequestRecords = Int.max
        /// Encoded bytes that may wait; batches beyond are dropped and counted.
        package var maximumQueuedBytes = 64 * 1024 * 1024
        package var retry = RetryPolicy()

        package init(endpoint: Endpoint, headers: [(name: String, value: String)]) {
            self.endpoint = endpoint
            self.headers = headers
        }
    }

    package struct Statistics: Sendable, Hashable {
        package var deliveredRecords = 0
        package var droppedRecords = 0
        package var requests = 0
    }

    private struct State {
        var queue: [RecordBatch] = []
        var queuedBytes = 0
        /// Batches submitted and batches done with, ever.
        var submitted = 0
        var finished = 0
        var closing: UInt64?
        var isStopped = false
        var isRunning = false
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
        let (mustStart, dropped) = monitor.update { state -> (Bool, Int) in
            guard !state.isStopped, state.queuedBytes + batch.bytes.count <= configuration.maximumQueuedBytes || state.queue.isEmpty else {
                state.statistics.droppedRecords += batch.count
                return (false, batch.count)
            }
            state.queue.append(batch)
            state.queuedBytes += batch.bytes.count
            state.submitted += 1
            defer { state.isRunning = true }
            return (!state.isRunning, 0)
        }
        if dropped > 0 { Diagnostics.warn(.dropped, "\(dropped) records were dropped because \(target) does not take them fast enough") }
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
        return monitor.wait(until: deadline) { $0.finished >= goal ? true : nil } ?? false
    }

    /// From now on repetitions end by the deadline; waits like ``flush(deadline:)`` and takes nothing more afterwards.
    package func shutdown(deadline: UInt64) -> Bool {
        monitor.update { $0.closing = deadline }
        let isDone = flush(deadline: deadline)
        monitor.update { $0.isStopped = true }
        return isDone
    }

    private var target: String { configuration.endpoint.text }

    private func run() {
        var connection = HTTPConnection(to: configuration.endpoint)
        var random = SystemRandomNumberGenerator()
        while true {
            let next = monitor.wait(until: nil) { state -> RecordBatch?? in
                if !state.queue.isEmpty {
                    let batch = state.queue.removeFirst()
                    state.queuedBytes -= batch.bytes.count
                    return .some(batch)
                }
                return state.isStopped ? .some(nil) : nil
            }
            guard let next, let batch = next else { break }
            deliver(batch, over: &connection, &random)
            monitor.update { $0.finished += 1 }
        }
        monitor.update { $0.isRunning = false }
    }

    /// Sends a batch in parts that fit; parts that are too large for the server are halved.
    private func deliver(_ batch: RecordBatch, over connection: inout HTTPConnection, _ random: inout SystemRandomNumberGenerator) {
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
            switch send(batch.request(part), records: part.count, over: &connection, &random) {
            case .finish, .wait:
                monitor.withLock { $0.statistics.deliveredRecords += part.count }
            case .split where part.count > 1:
                let middle = part.lowerBound + part.count / 2
                parts.append(middle..<part.upperBound)
                parts.append(part.lowerBound..<middle)
            case .split:
                drop(1)
                Diagnostics.warn(.refused, "a record of \(batch.byteCount(of: part)) bytes is too large for \(target) and was dropped")
            case .discard(let reason):
                drop(part.count)
                if reason == .closing {
                    Diagnostics.warn(.dropped, "\(part.count) records did not reach \(target) before the end of the process")
                } else if reason == .exhausted {
                    Diagnostics.warn(.dropped, "\(part.count) records were given up after repeated attempts to reach \(target)")
                }
            }
        }
    }

    private func drop(_ count: Int) {
        monitor.withLock { $0.statistics.droppedRecords += count }
    }

    /// Sends one request until the machine has decided.
    private func send(
        _ body: [UInt8],
        records: Int,
        over connection: inout HTTPConnection,
        _ random: inout SystemRandomNumberGenerator
    ) -> RetryMachine.Action {
        var machine = RetryMachine(configuration.retry, now: SystemTime.monotonic())
        while true {
            let outcome = attempt(body, records: records, over: &connection)
            let closing = monitor.withLock { $0.closing }
            let now = SystemTime.monotonic()
            let action = machine.receive(outcome, now: now, closing: closing, random: .random(in: 0..<1, using: &random))
            guard case .wait(let pause) = action else { return action }
            // A shutdown ends the pause early; the machine then decides anew.
            let wasClosing = closing != nil
            _ = monitor.wait(until: now &+ pause) { state -> Bool? in !wasClosing && state.closing != nil ? true : nil }
        }
    }

    private func attempt(_ body: [UInt8], records: Int, over connection: inout HTTPConnection) -> RetryMachine.Outcome {
        monitor.withLock { $0.statistics.requests += 1 }
        do throws(HTTPError) {
            let closing = monitor.withLock { $0.closing } ?? .max
            let response = try connection.post(
                body,
                path: configuration.endpoint.path,
                headers: configuration.headers,
                deadline: min(SystemTime.monotonic() &+ configuration.timeout, max(closing, SystemTime.monotonic() &+ 50_000_000))
            )
            if let warning = response.header("x-logfire-warning") { Diagnostics.warn(.server, "\(target) says: \(warning)") }
            report(response, records: records)
            return .answered(status: response.status, retryAfter: Self.retryAfter(response.header("retry-after")))
        } catch {
            Diagnostics.warn(.delivery, "could not send to \(target): \(error.text)")
            if case .unreachable = error { return .unreachable }
            return .broken
        }
    }

    private func report(_ response: HTTPResponse, records: Int) {
        switch response.status {
        case 200..<300:
            if let rejected = PartialSuccess.rejected(in: response.body) {
                Diagnostics.warn(.refused, "\(target) refused \(rejected.count) of \(records) records: \(rejected.message)")
            }
        case 413:
            break
        case let status where RetryMachine.isTemporary(status):
            Diagnostics.warn(.delivery, "\(target) answered \(status); the records are kept and sent again")
        case 401, 403:
            Diagnostics.warn(
                .refused, "\(target) answered \(response.status): the token is missing, wrong or may not write; records were dropped")
        case let status:
            let text = String(decoding: response.body.prefix(200), as: UTF8.self)
            Diagnostics.warn(.refused, "\(target) answered \(status), \(records) records were dropped: \(text)")
        }
    }

    /// Seconds as nanoseconds, at most an hour; dates are not read.
    package static func retryAfter(_ header: String?) -> UInt64? {
        guard let header, let seconds = Double(header), seconds >= 0, seconds.isFinite else { return nil }
        return UInt64(min(seconds, 3600) * 1e9)
    }
}
