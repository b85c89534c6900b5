import HearthExport
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Looks at the machine and this process through `/proc`; where there is none, nothing is found.
final class SystemProbe: Sendable {
    private struct Usage {
        var cpu: [String: ProcText.CPUTimes] = [:]
        var process = 0.0
        var time: UInt64 = 0
    }

    private let last = Mutex(Usage())
    let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
    let processors = max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1)

    /// Utilization is measured from now on.
    init() {
        let now = usage()
        last.withLock { $0 = now }
    }

    func text(_ path: String) -> String? {
        ProcessEnvironment.file("/proc/" + path).map { String(decoding: $0, as: UTF8.self) }
    }

    private func usage() -> Usage {
        var result = Usage(time: SystemTime.monotonic())
        for entry in cpuTimes { result.cpu[entry.name] = entry.times }
        if let times = processTimes { result.process = times.user + times.system }
        return result
    }

    /// Of each processor, and of all under an empty name.
    var cpuTimes: [(name: String, times: ProcText.CPUTimes)] {
        guard let stat = text("stat") else { return [] }
        return ProcText.cpuTimes(stat, ticks: ticks)
    }

    var processTimes: ProcText.ProcessTimes? { text("self/stat").flatMap { ProcText.processTimes($0, ticks: ticks) } }

    /// Shares of time since the last call.
    struct Utilization {
        /// Of all processors, by state, from 0 to 1.
        var states: [(state: String, share: Double)] = []
        /// Of all processors, from 0 to 1.
        var busy: Double?
        /// Of one processor by this process; more than 1 with several threads, at most the number of processors.
        var process: Double?
    }

    func utilization() -> Utilization {
        let now = usage()
        let before = last.withLock { last in
            defer { last = now }
            return last
        }
        var result = Utilization()
        if let new = now.cpu[""], let old = before.cpu[""], new.total > old.total {
            let total = new.total - old.total
            for (index, state) in ProcText.CPUTimes.states.enumerated() {
                result.states.append((state, min(max((new.seconds[index] - old.seconds[index]) / total, 0), 1)))
            }
            result.busy = min(max((new.busy - old.busy) / total, 0), 1)
        }
        let elapsed = Double(now.time &- before.time) / 1e9
        if elapsed > 0, now.time > before.time {
            // The kernel counts in ticks: over a short time it can seem more than there is.
            result.process = min(max(now.process - before.process, 0) / elapsed, Double(processors))
        }
        return result
    }

    /// Entries of a folder.
    func entries(_ path: String, where isWanted: (String) -> Bool = { _ in true }) -> Int64? {
        guard let folder = opendir("/proc/" + path) else { return nil }
        defer { closedir(folder) }
        var count: Int64 = 0
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name != ".", name != "..", isWanted(name) { count += 1 }
        }
        return count
    }
}
