import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The same load on VictoriaTraces, where it is installed: what a figure means beside that of a peer on the same machine.
struct PeerMeasure {
    struct Figure: Codable {
        var name: String
        /// Microseconds of CPU per span until the last answer, and until 20 s later.
        var cpu: Double
        var cpuSettled: Double
        var peakBytes: Int
        var diskBytes: Double
    }

    private static let path = "/insert/opentelemetry/v1/traces"
    private static let idleTime: UInt32 = 20

    /// - Parameter program: of VictoriaTraces, single node.
    static func run(program: String, _ file: FrameFile, folder: String, connections: Int) throws(BenchError) -> Figure {
        let port = try ServerProcess.freePort()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = ["-httpListenAddr=127.0.0.1:\(port)", "-storageDataPath=\(folder)", "-retentionPeriod=30d"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { throw BenchError("\(program) cannot be started: \(error.localizedDescription)") }
        ChildGuard.watch(process.processIdentifier)
        defer {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            ChildGuard.watch(0)
        }
        try waitUntilReady(port)
        let clock = ProcessClock(pid: process.processIdentifier)
        let before = clock.cpuSeconds
        let load = try Loader.post(file, port: port, connections: connections, path: path)
        let loaded = clock.cpuSeconds
        guard load.acknowledged == file.spans else { throw BenchError("the peer took \(load.acknowledged) of \(file.spans) spans") }
        sleep(idleTime)
        let perSpan = 1e6 / Double(file.spans)
        return Figure(
            name: (program as NSString).lastPathComponent, cpu: (loaded - before) * perSpan,
            cpuSettled: (clock.cpuSeconds - before) * perSpan, peakBytes: clock.peakBytes,
            diskBytes: Double(ProcessClock.diskBytes(folder)) / Double(file.spans))
    }

    private static func waitUntilReady(_ port: Int) throws(BenchError) {
        let started = ContinuousClock.now
        while (ContinuousClock.now - started).seconds < 30 {
            if let answer = try? HTTPClient(port: port).exchange("GET", "/health"), answer.status == 200 { return }
            usleep(20_000)
        }
        throw BenchError("the peer did not answer on port \(port) within 30 s")
    }
}
