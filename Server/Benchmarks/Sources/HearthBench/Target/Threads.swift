#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Threads of their own: the dispatch library runs only so many iterations at once as the machine has cores, however long they wait.
enum Threads {
    /// Calls `body` with `0..<count` at once and returns when all have returned.
    static func run(_ count: Int, _ body: @Sendable (Int) -> Void) throws(BenchError) {
        var failure: BenchError?
        withoutActuallyEscaping(body) { body in
            var threads: [pthread_t] = []
            for index in 0..<count {
                var thread = pthread_t()
                let work = Unmanaged.passRetained(Work { body(index) })
                let code = pthread_create(&thread, nil, begin, work.toOpaque())
                if code == 0 {
                    threads.append(thread)
                } else {
                    work.release()
                    failure = BenchError("a thread cannot be started: \(String(cString: strerror(code)))")
                }
            }
            // Joined, because the closure must be gone when this returns.
            for thread in threads { pthread_join(thread, nil) }
        }
        if let failure { throw failure }
    }
}

private final class Work {
    let body: () -> Void

    init(_ body: @escaping () -> Void) { self.body = body }
}

private func begin(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body() }
    return nil
}
