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
}
