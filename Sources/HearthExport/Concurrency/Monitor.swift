#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// State under a lock, with waiting for a condition on it: what the export threads and those who wait for them share.
///
/// Waiting blocks the thread; only threads of their own and callers who ask for it may wait.
package final class Monitor<State>: @unchecked Sendable {
    private var state: State
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    package init(_ state: State) {
        self.state = state
        pthread_mutex_init(mutex, nil)
        #if canImport(Darwin)
            pthread_cond_init(condition, nil)
        #else
            var attributes = pthread_condattr_t()
            pthread_condattr_init(&attributes)
            pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
            pthread_cond_init(condition, &attributes)
            pthread_condattr_destroy(&attributes)
        #endif
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Reads or changes the state without waking anyone.
    package func withLock<Result>(_ body: (inout State) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body(&state)
    }

    /// Changes the state and wakes all who wait.
    package func update<Result>(_ body: (inout State) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer {
            pthread_cond_broadcast(condition)
            pthread_mutex_unlock(mutex)
        }
        return body(&state)
    }

    /// Waits until the body returns a value or the deadline has passed.
    ///
    /// - Parameters:
    ///   - deadline: a moment of ``SystemTime/monotonic()``; nil waits for ever.
    ///   - body: called under the lock, at once and after each wake-up.
    /// - Returns: nil when the deadline passed first.
    package func wait<Result>(until deadline: UInt64?, for body: (inout State) -> Result?) -> Result? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let result = body(&state) { return result }
            guard let deadline else {
                pthread_cond_wait(condition, mutex)
                continue
            }
            guard SystemTime.monotonic() < deadline else { return nil }
            timedWait(until: deadline)
        }
    }

    private func timedWait(until deadline: UInt64) {
        #if canImport(Darwin)
            let now = SystemTime.monotonic()
            var span = Self.timespecOf(deadline > now ? deadline - now : 0)
            pthread_cond_timedwait_relative_np(condition, mutex, &span)
        #else
            var moment = Self.timespecOf(deadline)
            pthread_cond_timedwait(condition, mutex, &moment)
        #endif
    }

    private static func timespecOf(_ nanoseconds: UInt64) -> timespec {
        timespec(tv_sec: .init(nanoseconds / 1_000_000_000), tv_nsec: .init(nanoseconds % 1_000_000_000))
    }
}
