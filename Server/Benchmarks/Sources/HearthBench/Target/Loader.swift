import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Posts frames over several keep-alive connections, each waiting for its answer before it sends the next.
struct Loader {
    struct Outcome {
        /// Seconds from the first byte to the last answer.
        var wall = 0.0
        var acknowledged = 0
        /// Requests the server asked to repeat (429, 503).
        var repeats = 0
        /// Milliseconds of each request, sorted.
        var latencies: [Double] = []

        func latency(_ share: Double) -> Double {
            latencies.isEmpty ? 0 : latencies[min(latencies.count - 1, Int(share * Double(latencies.count)))]
        }
    }

    private struct State {
        var next = 0
        var outcome = Outcome()
        var failure: BenchError?

        /// The next frame to send; nil when all are taken or one has failed.
        mutating func take(_ count: Int) -> Int? {
            guard failure == nil, next < count else { return nil }
            defer { next += 1 }
            return next
        }
    }

    /// - Parameter limit: the whole load is given up after this time.
    static func post(_ file: FrameFile, port: Int, connections: Int, path: String = "/v1/traces", limit: Duration = .seconds(1_200))
        throws(BenchError) -> Outcome
    {
        let state = Mutex(State())
        let started = ContinuousClock.now
        try Threads.run(connections) { _ in
            let client = HTTPClient(port: port)
            var (acknowledged, repeats, latencies) = (0, 0, [Double]())
            do throws(BenchError) {
                while let index = state.withLock({ $0.take(file.frames.count) }) {
                    let body = try file.body(index)
                    let sent = ContinuousClock.now
                    var answer = try client.exchange("POST", path, type: "application/x-protobuf", body)
                    while answer.status == 429 || answer.status == 503 {
                        repeats += 1
                        usleep(50_000)
                        guard ContinuousClock.now - started < limit else { throw BenchError("the load took longer than \(limit)") }
                        answer = try client.exchange("POST", path, type: "application/x-protobuf", body)
                    }
                    guard answer.status == 200 else { throw BenchError("the server answered \(answer.status): \(answer.text.prefix(300))") }
                    latencies.append((ContinuousClock.now - sent).seconds * 1_000)
                    acknowledged += file.frames[index].spans
                    guard ContinuousClock.now - started < limit else { throw BenchError("the load took longer than \(limit)") }
                }
            } catch {
                state.withLock { $0.failure = error }
            }
            state.withLock { state in
                state.outcome.acknowledged += acknowledged
                state.outcome.repeats += repeats
                state.outcome.latencies += latencies
            }
        }
        let end = state.withLock(\.self)
        if let failure = end.failure { throw failure }
        var outcome = end.outcome
        outcome.wall = (ContinuousClock.now - started).seconds
        outcome.latencies.sort()
        return outcome
    }
}
