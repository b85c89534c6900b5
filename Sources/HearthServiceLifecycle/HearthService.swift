#if ServiceLifecycle
    import Hearth
    public import ServiceLifecycle

    /// Delivers what is left when an application shuts down.
    ///
    /// Place it first: services stop in reverse order, so it still delivers what the others record while they stop.
    /// ```swift
    /// try Hearth.configure()
    /// let group = ServiceGroup(services: [HearthService(), server], gracefulShutdownSignals: [.sigterm], logger: logger)
    /// try await group.run()
    /// ```
    public struct HearthService: Service {
        /// How long the delivery may take; what is left then is given up at the end of the process.
        public var timeout: Duration

        /// - Parameter timeout: how long the delivery may take.
        public init(timeout: Duration = .seconds(10)) {
            self.timeout = timeout
        }

        /// Waits for the shutdown, or for the end of its task, and then for the delivery.
        ///
        /// Recording goes on, so that what `main` still does is not lost; it is delivered at the exit of the process.
        public func run() async throws {
            // Being cancelled instead of shut down is an end as well.
            do { try await gracefulShutdown() } catch is CancellationError {}
            await Hearth.flush(within: timeout)
        }
    }
#endif
