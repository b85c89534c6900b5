/// Reads the texts of `/proc`, so that tests need no machine.
enum ProcText {
    /// Time of one processor, or of all, in seconds by state.
    struct CPUTimes: Hashable {
        static let states = ["user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal"]

        /// In the order of ``states``.
        var seconds: [Double]

        var total: Double { seconds.reduce(0, +) }
        /// Everything but idle and waiting for disks.
        var busy: Double { total - seconds[3] - seconds[4] }
    }

    /// Lines `cpu` and `cpuN` of `/proc/stat`; `cpu` has an empty name.
    static func cpuTimes(_ stat: String, ticks: Double) -> [(name: String, times: CPUTimes)] {
        lines(stat).compactMap { line in
            let words = words(line)
            guard let first = words.first, first.hasPrefix("cpu") else { return nil }
            var seconds = words.dropFirst().prefix(CPUTimes.states.count).map { (Double($0) ?? 0) / ticks }
            guard seconds.count >= 4 else { return nil }
            while seconds.count < CPUTimes.states.count { seconds.append(0) }
            return (String(first.dropFirst(3)), CPUTimes(seconds: seconds))
        }
    }

    /// `name: number kB` lines, as of `/proc/meminfo` and `/proc/self/status`, in bytes where the unit is kB.
    static func fields(_ text: String) -> [String: Int64] {
        var result: [String: Int64] = [:]
        for line in lines(text) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let words = words(line[line.index(after: colon)...])
            guard let first = words.first, let number = Int64(first) else { continue }
            result[String(line[..<colon])] = words.count > 1 && words[1] == "kB" ? number &* 1024 : number
        }
        return result
    }

    /// The average over one minute of `/proc/loadavg`.
    static func loadAverage(_ text: String) -> Double? {
        words(text[...]).first.flatMap { Double($0) }
    }

    /// What went through a network device or disk, in the order of `/proc/net/dev`: bytes, packets, errors, drops.
    struct NetworkDevice: Hashable {
        var name: String
        var received: [Int64]
        var sent: [Int64]
    }

    static func networkDevices(_ text: String) -> [NetworkDevice] {
        lines(text).compactMap { line in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let numbers = words(line[line.index(after: colon)...]).compactMap { Int64($0) }
            guard numbers.count >= 12 else { return nil }
            return NetworkDevice(
                name: String(words(line[..<colon]).first ?? ""), received: Array(numbers[0..<4]), sent: Array(numbers[8..<12]))
        }
    }

    struct Disk: Hashable {
        var name: String
        var reads: Int64
        var readBytes: Int64
        /// Milliseconds.
        var readTime: Int64
        var writes: Int64
        var writtenBytes: Int64
        /// Milliseconds.
        var writeTime: Int64
    }

    /// `/proc/diskstats` without loop and memory devices; sectors have 512 bytes.
    static func disks(_ text: String) -> [Disk] {
        lines(text).compactMap { line in
            let words = words(line)
            guard words.count >= 14, !words[2].hasPrefix("loop"), !words[2].hasPrefix("ram") else { return nil }
            let numbers = words[3...].map { Int64($0) ?? 0 }
            return Disk(
                name: String(words[2]), reads: numbers[0], readBytes: numbers[2] &* 512, readTime: numbers[3], writes: numbers[4],
                writtenBytes: numbers[6] &* 512, writeTime: numbers[7])
        }
    }

    struct ProcessTimes: Hashable {
        /// Seconds.
        var user: Double
        /// Seconds.
        var system: Double
        var threads: Int64
    }

    /// `/proc/self/stat`; the program's name may contain anything, so what follows its last parenthesis counts.
    static func processTimes(_ text: String, ticks: Double) -> ProcessTimes? {
        guard let end = text.lastIndex(of: ")") else { return nil }
        let words = words(text[text.index(after: end)...])
        guard words.count > 17, let user = Double(words[11]), let system = Double(words[12]), let threads = Int64(words[17]) else {
            return nil
        }
        return ProcessTimes(user: user / ticks, system: system / ticks, threads: threads)
    }

    /// Connections of `/proc/net/tcp` and its like by state.
    static func connections(_ text: String) -> [String: Int64] {
        let names = [
            1: "ESTABLISHED", 2: "SYN_SENT", 3: "SYN_RECV", 4: "FIN_WAIT1", 5: "FIN_WAIT2", 6: "TIME_WAIT", 7: "CLOSE", 8: "CLOSE_WAIT",
            9: "LAST_ACK", 10: "LISTEN", 11: "CLOSING",
        ]
        var result: [String: Int64] = [:]
        for line in lines(text).dropFirst() {
            let words = words(line)
            guard words.count > 3, let state = Int(words[3], radix: 16) else { continue }
            result[names[state] ?? "NONE", default: 0] += 1
        }
        return result
    }

    private static func lines(_ text: String) -> [Substring] { text.split(separator: "\n") }
    private static func words(_ text: Substring) -> [Substring] { text.split { $0 == " " || $0 == "\t" || $0 == "\n" } }
}
