#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The system's priority of a query's thread.
struct ThreadPriority: Sendable {
    #if os(Linux)
        /// Steps by which long queries stand behind everything else of the process: about a tenth of the share.
        private static let nice: Int32 = 10
        private let thread: id_t

        /// The calling thread; nil where the system does not tell its number.
        static var current: ThreadPriority? {
            // `PROCESS/task/THREAD`
            var path = [CChar](repeating: 0, count: 64)
            let length = readlink("/proc/thread-self", &path, path.count)
            let text = String(decoding: path.prefix(max(length, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
            guard let name = text.split(separator: "/").last else { return nil }
            return id_t(name).map { ThreadPriority(thread: $0) }
        }

        /// Lowers the thread's priority, from any thread. The system does not allow to raise it again, so the thread has to end after its job.
        func lower() {
            #if canImport(Musl)
                setpriority(PRIO_PROCESS, thread, Self.nice)
            #else
                setpriority(__priority_which_t(PRIO_PROCESS.rawValue), thread, Self.nice)
            #endif
        }
    #else
        static var current: ThreadPriority? { nil }

        func lower() {}
    #endif
}
