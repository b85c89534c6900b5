#if canImport(Darwin)
    import Dispatch
#else
    import Glibc
#endif

/// A counting semaphore for threads of our own, whose timed wait does not follow the wall clock.
///
/// On Linux `DispatchSemaphore` turns a timeout into a time of the wall clock: with the clock set back by an hour meanwhile, a wait of half a second
/// takes an hour, and the writer neither rotates nor seals until somebody sends something.
public final class ThreadSignal: @unchecked Sendable {
    // Unchecked: what is stored is made to be used by many threads at once.
    #if canImport(Darwin)
        private let semaphore = DispatchSemaphore(value: 0)

        public init() {}

        /// Lets one wait end, the present or the next one.
        public func signal() { semaphore.signal() }

        /// Blocks the thread until there is a signal.
        public func wait() { semaphore.wait() }

        /// Blocks the thread until there is a signal, at most for so long.
        ///
        /// - Returns: whether there was one.
        public func wait(for timeout: Duration) -> Bool {
            let (seconds, attoseconds) = max(timeout, .zero).components
            return semaphore.wait(timeout: .now() + .nanoseconds(Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)))
                == .success
        }
    #else
        // Each by itself and behind a pointer: another thread changes the count while one waits.
        private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
        private let count = UnsafeMutablePointer<Int>.allocate(capacity: 1)

        public init() {
            mutex.initialize(to: pthread_mutex_t())
            condition.initialize(to: pthread_cond_t())
            count.initialize(to: 0)
            var attributes = pthread_condattr_t()
            check(pthread_condattr_init(&attributes))
            check(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC))
            check(pthread_mutex_init(mutex, nil))
            check(pthread_cond_init(condition, &attributes))
            check(pthread_condattr_destroy(&attributes))
        }

        deinit {
            check(pthread_cond_destroy(condition))
            check(pthread_mutex_destroy(mutex))
            condition.deallocate()
            mutex.deallocate()
            count.deallocate()
        }

        /// Lets one wait end, the present or the next one.
        public func signal() {
            locked {
                count.pointee += 1
                check(pthread_cond_signal(condition))
            }
        }

        /// Blocks the thread until there is a signal.
        public func wait() {
            locked {
                while count.pointee == 0 { check(pthread_cond_wait(condition, mutex)) }
                count.pointee -= 1
            }
        }

        /// Blocks the thread until there is a signal, at most for so long.
        ///
        /// - Returns: whether there was one.
        public func wait(for timeout: Duration) -> Bool {
            var until = timespec()
            clock_gettime(CLOCK_MONOTONIC, &until)
            let (seconds, attoseconds) = max(timeout, .zero).components
            let nanoseconds = Int64(until.tv_nsec) + attoseconds / 1_000_000_000
            until.tv_sec += Int(seconds + nanoseconds / 1_000_000_000)
            until.tv_nsec = Int(nanoseconds % 1_000_000_000)
            return locked {
                while count.pointee == 0 {
                    let result = pthread_cond_timedwait(condition, mutex, &until)
                    if result == ETIMEDOUT { return false }
                    check(result)
                }
                count.pointee -= 1
                return true
            }
        }

        private func locked<Value>(_ body: () -> Value) -> Value {
            check(pthread_mutex_lock(mutex))
            defer { check(pthread_mutex_unlock(mutex)) }
            return body()
        }

        /// These calls fail only when what they are given is no mutex or condition: a wait that did not wait would be worse than the end.
        private func check(_ result: Int32) { precondition(result == 0, "pthread: \(result)") }
    #endif
}
