import HearthExport
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Observability for Swift applications in five lines.
///
/// ```swift
/// import Hearth
///
/// try Hearth.configure { $0.serviceName = "shop" }
/// try await Hearth.span("checkout of {items} items", ["items": cart.count]) { span in
///     Hearth.info("paid with {method}", ["method": "card"])
/// }
/// ```
public enum Hearth {
    /// Whether the process's end and forks are watched; its lock is held while one runtime takes the place of another.
    private static let isWatching = Mutex(false)

    /// Begins recording. A second call ends the first configuration and waits up to five seconds until its spans are delivered.
    ///
    /// Values come from the closure first, then from the environment (`LOGFIRE_*`, `OTEL_*`), then from
    /// `.logfire/logfire_credentials.json`, then from defaults.
    /// - Throws: ``ConfigurationError`` when a value cannot be used; nothing is changed then.
    public static func configure(_ body: (inout HearthConfiguration) throws -> Void = { _ in }) throws {
        var configuration = HearthConfiguration()
        try body(&configuration)
        try configure(configuration)
    }

    /// Begins recording with these values; see `configure`.
    public static func configure(_ configuration: HearthConfiguration) throws(ConfigurationError) {
        let resolved = try ResolvedConfiguration(configuration, environment: ProcessEnvironment.variable)
        let runtime = try resolved.makeRuntime()
        use(runtime, spare: try resolved.makeRuntime(isSpare: true))?.shutdown(deadline: SystemTime.deadline(after: .seconds(5)))
    }

    /// Makes a runtime the one in use; nil ends recording.
    ///
    /// - Returns: the one that was in use before.
    private static func use(_ runtime: Runtime?, spare: Runtime?) -> Runtime? {
        isWatching.withLock { isWatching in
            let old = Runtime.replace(with: runtime)
            InstrumentRegistry.use(runtime?.metrics)
            Runtime.keep(spare: spare)
            if runtime != nil, !isWatching {
                isWatching = true
                atexit(shutdownAtExit)
                pthread_atfork(nil, nil, becomeChildAfterFork)
            }
            return old
        }
    }

    /// Waits until everything that has ended is delivered or given up. Blocks the thread.
    ///
    /// - Returns: false when the time was over first.
    @discardableResult
    public static func flush(within time: Duration = .seconds(10)) -> Bool {
        Runtime.current?.flush(deadline: SystemTime.deadline(after: time)) ?? true
    }

    /// Waits until everything that has ended is delivered or given up, without blocking a thread of the concurrency pool.
    ///
    /// - Returns: false when the time was over first.
    @discardableResult
    public static func flush(within time: Duration = .seconds(10)) async -> Bool {
        await offThread { blockingFlush(time) }
    }

    /// Delivers what has ended and records nothing from now on. Blocks the thread. Called by itself at a normal exit.
    ///
    /// - Returns: false when the time was over first; what is left is dropped.
    @discardableResult
    public static func shutdown(within time: Duration = .seconds(10)) -> Bool {
        use(nil, spare: nil)?.shutdown(deadline: SystemTime.deadline(after: time)) ?? true
    }

    /// Like the blocking form, without blocking a thread of the concurrency pool.
    @discardableResult
    public static func shutdown(within time: Duration = .seconds(10)) async -> Bool {
        await offThread { blockingShutdown(time) }
    }

    private static func blockingFlush(_ time: Duration) -> Bool { flush(within: time) }
    private static func blockingShutdown(_ time: Duration) -> Bool { shutdown(within: time) }

    private static func offThread(_ body: @escaping @Sendable () -> Bool) async -> Bool {
        await withCheckedContinuation { continuation in
            if !WorkerThread.start({ continuation.resume(returning: body()) }) { continuation.resume(returning: body()) }
        }
    }

    /// Counts of what was exported, dropped, delivered and lost; zeros while nothing is configured.
    public static var statistics: ExportStatistics { Runtime.current?.pipeline.statistics ?? ExportStatistics() }

    /// Whether `configure` was called and `shutdown` was not.
    public static var isConfigured: Bool { Runtime.current != nil }
}

private func becomeChildAfterFork() {
    Runtime.becomeChild()
    InstrumentRegistry.becomeChild()
}

private func shutdownAtExit() {
    guard let runtime = Runtime.current else { return }
    Hearth.shutdown(within: runtime.exitTimeout)
}
