import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What the kernel says about a process (`/proc`).
struct ProcessClock {
    let pid: Int32

    /// CPU seconds, user and system, of all threads that ever were; resolution 10 ms.
    var cpuSeconds: Double {
        guard let text = Self.read("/proc/\(pid)/stat"), let paren = text.lastIndex(of: ")") else { return .nan }
        let fields = text[text.index(after: paren)...].split(separator: " ")
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return .nan }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// CPU seconds of the threads that are alive, to the nanosecond: for short intervals.
    var preciseCPUSeconds: Double {
        guard let tasks = try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task") else { return .nan }
        return tasks.reduce(0.0) { sum, task in
            sum + (Self.read("/proc/\(pid)/task/\(task)/schedstat")?.split(separator: " ").first.flatMap { Double($0) } ?? 0) / 1e9
        }
    }

    /// Resident memory now, bytes.
    var residentBytes: Int { status("VmRSS") }
    /// The most it ever was, bytes.
    var peakBytes: Int { status("VmHWM") }

    /// Begins the count of ``peakBytes`` anew, where the kernel allows it.
    func forgetPeak() {
        let file = open("/proc/\(pid)/clear_refs", O_WRONLY)
        guard file >= 0 else { return }
        _ = write(file, "5", 1)
        close(file)
    }

    private func status(_ key: String) -> Int {
        guard let line = Self.read("/proc/\(pid)/status")?.split(separator: "\n").first(where: { $0.hasPrefix("\(key):") }) else {
            return 0
        }
        return (line.split { " \t".contains($0) }.dropFirst().first.flatMap { Int($0) } ?? 0) * 1_024
    }

    /// CPU seconds of this process, or of the calling thread alone.
    static func own(threadOnly: Bool = false) -> Double {
        var time = timespec()
        clock_gettime(threadOnly ? CLOCK_THREAD_CPUTIME_ID : CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Bytes that the files below `folder` take on disk.
    static func diskBytes(_ folder: String) -> Int {
        guard let files = FileManager.default.enumerator(atPath: folder) else { return 0 }
        var bytes = 0
        for case let name as String in files {
            var info = stat()
            if lstat("\(folder)/\(name)", &info) == 0, info.st_mode & S_IFMT == S_IFREG { bytes += Int(info.st_blocks) * 512 }
        }
        return bytes
    }

    private static func read(_ path: String) -> String? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        return String(decoding: data, as: UTF8.self)
    }
}
