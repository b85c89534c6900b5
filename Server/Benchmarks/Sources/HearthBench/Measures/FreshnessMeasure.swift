import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// How soon a span that is sent under full load is seen by a query.
struct FreshnessMeasure {
    struct Figure: Codable {
        var probes: Int
        /// Milliseconds from sending to the answered request.
        var acknowledgedMedian: Double
        var acknowledgedSlowest: Double
        /// Milliseconds from sending to a query's answer that shows the span.
        var visibleMedian: Double
        var visibleSlowest: Double
        /// Probes the first query after the answer did not show: must be none.
        var notVisibleAtOnce: Int
    }

    private struct Sample {
        var acknowledged: Double
        var visible: Double
        var queries: Int
    }

    /// Sends probes while `file` is loaded.
    static func run(_ server: ServerProcess, under file: FrameFile, connections: Int) throws(BenchError) -> Figure {
        let isLoading = Atomic(true)
        let samples = Mutex<[Sample]>([])
        let failure = Mutex<BenchError?>(nil)
        let port = server.port
        try Threads.run(2) { part in
            do throws(BenchError) {
                if part == 0 {
                    defer { isLoading.store(false, ordering: .relaxed) }
                    _ = try Loader.post(file, port: port, connections: connections)
                } else {
                    try probe(port, while: isLoading) { sample in samples.withLock { $0.append(sample) } }
                }
            } catch {
                isLoading.store(false, ordering: .relaxed)
                failure.withLock { $0 = error }
            }
        }
        if let failure = failure.withLock(\.self) { throw failure }
        let all = samples.withLock(\.self)
        guard !all.isEmpty else { throw BenchError("the load was over before the first probe") }
        let (acknowledged, visible) = (all.map(\.acknowledged).sorted(), all.map(\.visible).sorted())
        return Figure(
            probes: all.count, acknowledgedMedian: acknowledged[all.count / 2], acknowledgedSlowest: acknowledged[all.count - 1],
            visibleMedian: visible[all.count / 2], visibleSlowest: visible[all.count - 1], notVisibleAtOnce: all.count { $0.queries > 1 })
    }

    private static func probe(_ port: Int, while isLoading: borrowing Atomic<Bool>, _ report: (Sample) -> Void) throws(BenchError) {
        let sender = HTTPClient(port: port)
        let queries = QueryClient(port: port)
        var number = 0
        while isLoading.load(ordering: .relaxed) {
            let probe = Probe(number: number, time: Int64(Date().timeIntervalSince1970 * 1e9))
            number += 1
            let sent = ContinuousClock.now
            while true {
                let answer = try sender.exchange("POST", "/v1/traces", type: "application/x-protobuf", probe.body)
                if answer.status == 200 { break }
                guard answer.status == 503 || answer.status == 429 else {
                    throw BenchError("a probe was answered with \(answer.status): \(answer.text.prefix(200))")
                }
                usleep(20_000)
            }
            let acknowledged = (ContinuousClock.now - sent).seconds * 1_000
            var asked = 0
            var isVisible = false
            while !isVisible, asked < 1_000 {
                asked += 1
                isVisible = try !queries.rows("SELECT span_id FROM records WHERE trace_id = '\(probe.traceID)'").isEmpty
            }
            guard isVisible else { throw BenchError("an acknowledged span was not visible after 1,000 queries") }
            report(Sample(acknowledged: acknowledged, visible: (ContinuousClock.now - sent).seconds * 1_000, queries: asked))
            usleep(20_000)
        }
    }
}
