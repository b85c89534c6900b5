#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One load of a server that starts empty.
struct IngestMeasure {
    struct Figure: Codable {
        var spans: Int
        /// Microseconds of the server's CPU per span until the last answer, of the first spans with sealing put off: what taking them costs.
        var ingestCPU: Double
        /// Microseconds of the server's CPU per span of all spans until the last answer, with the sealing that ran meanwhile.
        var cpu: Double
        /// The same for what it did afterwards, until it said that no work was left (`/healthz?settled=1`).
        var settleCPU: Double
        /// What sealing costs: all of it less what taking the spans costs.
        var sealingCPU: Double { cpu + settleCPU - ingestCPU }
        /// Seconds from the last answer until then.
        var settleTime: Double
        /// It said so before the time for settling was over.
        var isSettled: Bool
        /// Spans per second of wall-clock time.
        var rate: Double
        /// Milliseconds until a request was answered: median, 99th percentile, slowest.
        var latencyMedian: Double
        var latency99: Double
        var latencySlowest: Double
        /// Requests the server asked to repeat.
        var repeats: Int
        var idleBytes: Int
        var peakBytes: Int
        /// Of the data folder, settled, per span.
        var diskBytes: Double
        /// Of it, the search index.
        var indexBytes: Double
    }

    /// The data folder is looked at when nothing has been done for this long, seconds (design §8).
    private static let idleTime = 20.0

    /// Spans of which the cost is measured with sealing put off: they stay in memory.
    static let aloneLimit = 100_000

    /// Microseconds of CPU per span that taking the first spans costs a server that seals nothing meanwhile.
    static func alone(_ server: ServerProcess, _ file: FrameFile, connections: Int) throws(BenchError) -> Double {
        usleep(1_000_000)
        let before = server.clock.cpuSeconds
        let load = try Loader.post(file, port: server.port, connections: connections)
        let cpu = server.clock.cpuSeconds - before
        guard load.acknowledged == file.spans else { throw BenchError("\(load.acknowledged) of \(file.spans) spans were taken") }
        return cpu * 1e6 / Double(file.spans)
    }

    /// - Parameters:
    ///   - ingestCPU: what ``alone(_:_:connections:)`` said.
    ///   - check: compares answers with the truth right after the last acknowledgement; its CPU counts nowhere.
    static func run(
        _ server: ServerProcess, _ file: FrameFile, ingestCPU: Double, data: String, connections: Int, settleLimit: Double,
        check: () throws(BenchError) -> Void
    ) throws(BenchError) -> Figure {
        let clock = server.clock
        usleep(1_000_000)
        let idleBytes = clock.residentBytes
        let before = clock.cpuSeconds
        let load = try Loader.post(file, port: server.port, connections: connections)
        let loaded = clock.cpuSeconds
        guard load.acknowledged == file.spans else { throw BenchError("\(load.acknowledged) of \(file.spans) spans were taken") }
        let loadedAt = ContinuousClock.now
        var peakBytes = clock.peakBytes
        try check()
        clock.forgetPeak()

        let base = clock.cpuSeconds
        let client = HTTPClient(port: server.port)
        var isSettled = false
        while !isSettled, (ContinuousClock.now - loadedAt).seconds < settleLimit {
            usleep(500_000)
            isSettled = try client.exchange("GET", "/healthz?settled=1").status == 200
        }
        let settled = clock.cpuSeconds
        let settleTime = (ContinuousClock.now - loadedAt).seconds
        peakBytes = max(peakBytes, clock.peakBytes)
        let rest = Self.idleTime - settleTime
        if rest > 0 { usleep(UInt32(rest * 1e6)) }
        let perSpan = 1e6 / Double(file.spans)
        return Figure(
            spans: file.spans, ingestCPU: ingestCPU, cpu: (loaded - before) * perSpan, settleCPU: (settled - base) * perSpan,
            settleTime: settleTime,
            isSettled: isSettled, rate: Double(file.spans) / load.wall, latencyMedian: load.latency(0.5), latency99: load.latency(0.99),
            latencySlowest: load.latency(1), repeats: load.repeats, idleBytes: idleBytes, peakBytes: peakBytes,
            diskBytes: Double(ProcessClock.diskBytes(data)) / Double(file.spans),
            indexBytes: Double(SearchIndex.bytes(below: data)) / Double(file.spans))
    }
}
