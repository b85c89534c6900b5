#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A detached thread for work that blocks and so must stay off the cooperative pool.
package enum WorkerThread {
    fileprivate final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts the thread.
    ///
    /// - Parameter blocksSignals: whether signals go to other threads, so that handlers of the application run on its own ones; otherwise the
    ///   thread takes those that the calling one takes. What a fault of the thread itself raises is not blocked here.
    /// - Returns: false when the system has no thread left.
    package static func start(blocksSignals: Bool = true, _ body: @escaping @Sendable () -> Void) -> Bool {
        let pointer = Unmanaged.passRetained(Body(body)).toOpaque()
        var blocked = sigset_t()
        var previous = sigset_t()
        if blocksSignals { sigfillset(&blocked) } else { sigemptyset(&blocked) }
        for fault in [SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT] { sigdelset(&blocked, fault) }
        pthread_sigmask(SIG_BLOCK, &blocked, &previous)
        defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }
        #if canImport(Darwin)
            var thread: pthread_t?
            let code = pthread_create(&thread, nil, workerMain, pointer)
            if code == 0, let thread { pthread_detach(thread) }
        #else
            var thread = pthread_t()
            let code = pthread_create(&thread, nil, workerMain, pointer)
            if code == 0 { pthread_detach(thread) }
        #endif
        if code != 0 { Unmanaged<Body>.fromOpaque(pointer).release() }
        return code == 0
    }
}

#if canImport(Darwin)
    private func workerMain(_ pointer: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        Unmanaged<WorkerThread.Body>.fromOpaque(pointer).takeRetainedValue().run()
        return nil
    }
#else
    private func workerMain(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        if let pointer { Unmanaged<WorkerThread.Body>.fromOpaque(pointer).takeRetainedValue().run() }
        return nil
    }
#endif
