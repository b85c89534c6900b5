import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Ends the server when the benchmark itself is told to end; otherwise it would stay behind.
enum ChildGuard {
    private static let child = Atomic<Int32>(0)

    /// From now on Ctrl-C and SIGTERM end the process `pid` too; 0 for none.
    static func watch(_ pid: Int32) {
        child.store(pid, ordering: .sequentiallyConsistent)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            // Only what is allowed in a signal handler.
            _ = signal(number) { number in
                let pid = ChildGuard.child.load(ordering: .sequentiallyConsistent)
                if pid > 0 { kill(pid, SIGKILL) }
                _exit(128 + number)
            }
        }
    }
}
