#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One load of a server that starts empty.
struct IngestMeasure {
    struct Figure: Codable {
        var spans: Int
        /// Microseconds of the server's CPU per span until the last answer.
        var cpu: Double
        /// The same for what it did afterwards, until it was idle.
        var settleCPU: Double
        /// Seconds until it was idle.
        var settleTime: Double
        /// It was idle when the time for settling was over.
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
    }

    /// CPU seconds per second below which a server counts as idle.
    private static let idleShare = 0.02
    /// Work may begin this long after the last span (rotation and sealing), seconds.
    private static let quietTime = 12.0

    static func run(_ server: ServerProcess, _ file: FrameFile, data: String, connections: Int, settleLimit: Double) throws(BenchError)
        -> Figure
    {
        let clock = server.clock
        usleep(1_000_000)
        let idleBytes = clock.residentBytes
        let before = clock.cpuSeconds
        let load = try Loader.post(file, port: server.port, connections: connections)
        let loaded = clock.cpuSeconds
        guard load.acknowledged == file.spans else { throw BenchError("\(load.acknowledged) of \(file.spans) spans were taken") }

        let waited = ContinuousClock.now
        var lastWork = ContinuousClock.now
        var last = loaded
        var isSettled = false
        while (ContinuousClock.now - waited).seconds < settleLimit {
            usleep(1_000_000)
            let now = clock.cpuSeconds
            if now - last > idleShare { lastWork = ContinuousClock.now }
            last = now
            // Idle for two seconds, and past the time at which background work begins.
            if (ContinuousClock.now - lastWork).seconds > 2, (ContinuousClock.now - waited).seconds > quietTime {
                isSettled = true
                break
            }
        }
        let perSpan = 1e6 / Double(file.spans)
        return Figure(
            spans: file.spans, cpu: (loaded - before) * perSpan, settleCPU: (last - loaded) * perSpan,
            settleTime: max(0, (lastWork - waited).seconds), isSettled: isSettled, rate: Double(file.spans) / load.wall,
            latencyMedian: load.latency(0.5),
            latency99: load.latency(0.99), latencySlowest: load.latency(1), repeats: load.repeats, idleBytes: idleBytes,
            peakBytes: clock.peakBytes,
            diskBytes: Double(ProcessClock.diskBytes(data)) / Double(file.spans))
    }
}
