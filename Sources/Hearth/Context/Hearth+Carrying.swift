import HearthExport

extension Hearth {
    /// A closure that runs at the present place in the trace, wherever and whenever it is called.
    ///
    /// ```swift
    /// queue.async(execute: Hearth.carrying { Hearth.info("on the queue") })
    /// pool.submit(Hearth.carrying { (symbol: String) in analyze(symbol) })
    /// ```
    /// For what has no task-locals of its own: Dispatch queues, threads, thread pools, callbacks of C libraries.
    public static func carrying<Result>(_ operation: @escaping @Sendable () -> Result) -> @Sendable () -> Result {
        let place = currentContext()
        return { place.attach(operation) }
    }

    /// The same for a closure that takes something.
    public static func carrying<Argument, Result>(
        _ operation: @escaping @Sendable (Argument) -> Result
    ) -> @Sendable (Argument) -> Result {
        let place = currentContext()
        return { argument in place.attach { operation(argument) } }
    }

    /// The same for a closure that takes something and can fail.
    public static func carrying<Argument, Result>(
        _ operation: @escaping @Sendable (Argument) throws -> Result
    ) -> @Sendable (Argument) throws -> Result {
        let place = currentContext()
        return { argument in try place.attach { try operation(argument) } }
    }

    /// The same for an asynchronous closure.
    public static func carryingAsync<Argument: Sendable, Result: Sendable>(
        _ operation: @escaping @Sendable (Argument) async throws -> Result
    ) -> @Sendable (Argument) async throws -> Result {
        let place = currentContext()
        return { argument in try await place.attach { try await operation(argument) } }
    }

    /// A detached task that keeps the present place in the trace, which `Task.detached` loses.
    @discardableResult
    public static func detached<Result: Sendable>(
        priority: TaskPriority? = nil,
        _ operation: @escaping @Sendable () async throws -> Result
    ) -> Task<Result, any Error> {
        let place = currentContext()
        return Task.detached(priority: priority) { try await place.attach { try await operation() } }
    }

    /// Runs a closure on a new thread, at the present place in the trace.
    ///
    /// - Returns: false when the system has no thread left; the closure is not run then.
    @discardableResult
    public static func detachThread(_ operation: @escaping @Sendable () -> Void) -> Bool {
        let place = currentContext()
        return WorkerThread.start(blocksSignals: false) { place.attach { operation() } }
    }
}
