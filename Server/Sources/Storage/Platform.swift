#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The few system calls that differ between platforms only in where they are declared.
enum Platform {
    /// Microseconds since the Unix epoch, UTC.
    static func microseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }

    /// Blocks the calling thread.
    static func sleep(milliseconds: UInt32) { usleep(milliseconds * 1000) }

    /// Bytes of a file, 0 when it does not exist.
    static func size(of file: String) -> Int64 {
        var status = stat()
        return stat(file, &status) == 0 ? Int64(status.st_size) : 0
    }

    /// Bytes that the file system of a folder has left for this process; nil when it does not tell.
    static func freeBytes(of folder: String) -> Int64? {
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else { return nil }
        return Int64(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
    }

    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Copies the first bytes of a file and returns whether that worked.
    static func copy(_ file: String, to target: String, length: Int64) -> Bool {
        let source = open(file, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { return false }
        defer { close(source) }
        let sink = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard sink >= 0 else { return false }
        defer { close(sink) }
        var left = Int(length)
        return withUnsafeTemporaryAllocation(byteCount: 1 << 20, alignment: 16) { buffer in
            while left > 0 {
                let got = read(source, buffer.baseAddress, min(left, buffer.count))
                guard got > 0, write(sink, buffer.baseAddress, got) == got else { return false }
                left -= got
            }
            return true
        }
    }
}
