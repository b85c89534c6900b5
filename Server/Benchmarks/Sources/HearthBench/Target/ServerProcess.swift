import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The server under test, as a process of its own on a free port.
final class ServerProcess {
    let port: Int
    private let log: String
    private let process = Process()
    private let started: ContinuousClock.Instant

    /// - Parameters:
    ///   - program: path of `hearth`.
    ///   - data: its data folder, made if it is not there.
    ///   - log: file for what it prints.
    ///   - options: of `hearth serve`.
    init(program: String, data: String, log: String, options: [String] = []) throws(BenchError) {
        port = try Self.freePort()
        self.log = log
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = ["serve", "--data", data, "--http", "127.0.0.1:\(port)", "--grpc", "off"] + options
        // What could configure the server behind the benchmark's back stays outside.
        process.environment = ProcessInfo.processInfo.environment.filter {
            !$0.key.hasPrefix("HEARTH_") && !$0.key.hasPrefix("LOGFIRE_") && !$0.key.hasPrefix("OTEL_")
        }
        guard FileManager.default.fileExists(atPath: log) || FileManager.default.createFile(atPath: log, contents: nil),
            let output = FileHandle(forWritingAtPath: log)
        else { throw BenchError("\(log) cannot be written") }
        output.seekToEndOfFile()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        started = ContinuousClock.now
        do { try process.run() } catch { throw BenchError("\(program) cannot be started: \(error.localizedDescription)") }
        ChildGuard.watch(process.processIdentifier)
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    var clock: ProcessClock { ProcessClock(pid: process.processIdentifier) }

    /// Posts `body` until it is taken; returns the seconds from the start of the process to the 200.
    func firstAccepted(_ body: [UInt8], limit: Duration = .seconds(60)) throws(BenchError) -> Double {
        let client = HTTPClient(port: port)
        while ContinuousClock.now - started < limit {
            guard process.isRunning else {
                throw BenchError("the server ended with exit code \(process.terminationStatus); it said:\n\(printed)")
            }
            if let answer = try? client.exchange("POST", "/v1/traces", type: "application/x-protobuf", body), answer.status == 200 {
                return (ContinuousClock.now - started).seconds
            }
            usleep(1_000)
        }
        throw BenchError("the server took no span within \(limit)")
    }

    /// The end of what it printed.
    private var printed: String {
        FileManager.default.contents(atPath: log).map { String(decoding: $0.suffix(2_000), as: UTF8.self) } ?? ""
    }

    /// SIGTERM; returns the seconds until it is gone.
    func stop(limit: Duration = .seconds(30)) throws(BenchError) -> Double {
        try end(SIGTERM, limit)
    }

    /// SIGKILL, as a crash would.
    func crash() throws(BenchError) {
        _ = try end(SIGKILL, .seconds(10))
    }

    private func end(_ signal: Int32, _ limit: Duration) throws(BenchError) -> Double {
        let asked = ContinuousClock.now
        kill(process.processIdentifier, signal)
        defer { ChildGuard.watch(0) }
        while process.isRunning {
            guard ContinuousClock.now - asked < limit else {
                kill(process.processIdentifier, SIGKILL)
                throw BenchError("the server did not end within \(limit)")
            }
            usleep(2_000)
        }
        return (ContinuousClock.now - asked).seconds
    }

    static func freePort() throws(BenchError) -> Int {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, size) == 0 && getsockname(socket, $0, &size) == 0 }
        }
        guard bound else { throw BenchError("no free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}

extension Duration {
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
