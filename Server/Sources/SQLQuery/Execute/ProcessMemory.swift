#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The process's own memory.
enum ProcessMemory {
    /// Resident bytes; nil where the system does not tell.
    static var residentBytes: Int? {
        #if os(Linux)
            let file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
            guard file >= 0 else { return nil }
            defer { close(file) }
            var text = [UInt8](repeating: 0, count: 128)
            let length = read(file, &text, text.count)
            // Pages in all, then resident ones.
            let fields = text.prefix(max(length, 0)).split(separator: UInt8(ascii: " "))
            guard fields.count > 1, let pages = Int(String(decoding: fields[1], as: UTF8.self)) else { return nil }
            return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
        #else
            return nil
        #endif
    }
}

/// Watches what a long query takes. The engine counts the memory of sorts, joins and groups against its limit, but not that of many aggregate
/// states and of values in flight.
struct MemoryWatch {
    /// What a query may add to the memory of the process.
    let limit: Int
    private let before = ProcessMemory.residentBytes

    /// How often to look.
    static let interval: Duration = .milliseconds(50)

    init(limit: Int) { self.limit = limit }

    var isExceeded: Bool {
        guard let before, let now = ProcessMemory.residentBytes else { return false }
        return now - before > limit
    }
}
