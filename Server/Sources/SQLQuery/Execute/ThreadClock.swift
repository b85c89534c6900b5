#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// How long a thread has had a processor.
struct ThreadClock: Sendable {
    #if !canImport(Darwin)
        private let id: clockid_t?
    #endif

    /// That of the calling thread; can be read by others.
    static var current: ThreadClock {
        #if canImport(Darwin)
            ThreadClock()
        #else
            var id = clockid_t()
            return ThreadClock(id: pthread_getcpuclockid(pthread_self(), &id) == 0 ? id : nil)
        #endif
    }

    /// Since the thread began; nil when it has ended, and where the system does not tell.
    var time: Duration? {
        #if canImport(Darwin)
            return nil
        #else
            var time = timespec()
            guard let id, clock_gettime(id, &time) == 0 else { return nil }
            return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
        #endif
    }
}
