#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Threads with a stack that is deep enough for the engine's and our own recursion over syntax trees.
public enum WorkerThread {
    private static let stackBytes = 16 << 20

    fileprivate final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts a detached thread. Returns whether the system gave one.
    public static func start(_ run: @escaping @Sendable () -> Void) -> Bool {
        let body = Unmanaged.passRetained(Body(run))
        let started = create(body.toOpaque())
        if !started { body.release() }
        return started
    }

    private static func create(_ argument: UnsafeMutableRawPointer) -> Bool {
        // Made by the system alone: for the compiler the type belongs to one of two modules, by the order in which it reads them, and its
        // initializer needs the right one imported.
        withUnsafeTemporaryAllocation(of: pthread_attr_t.self, capacity: 1) { memory in
            guard let attributes = memory.baseAddress, pthread_attr_init(attributes) == 0 else { return false }
            defer { pthread_attr_destroy(attributes) }
            pthread_attr_setstacksize(attributes, stackBytes)
            pthread_attr_setdetachstate(attributes, Int32(PTHREAD_CREATE_DETACHED))
            #if canImport(Darwin)
                var thread: pthread_t?
            #else
                var thread = pthread_t()
            #endif
            return pthread_create(&thread, attributes, runBody, argument) == 0
        }
    }
}

#if canImport(Darwin)
    private typealias Argument = UnsafeMutableRawPointer
#else
    private typealias Argument = UnsafeMutableRawPointer?
#endif

private func runBody(_ argument: Argument) -> UnsafeMutableRawPointer? {
    let pointer: UnsafeMutableRawPointer? = argument
    if let pointer { Unmanaged<WorkerThread.Body>.fromOpaque(pointer).takeRetainedValue().run() }
    return nil
}
