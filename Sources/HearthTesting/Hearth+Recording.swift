public import Hearth
import HearthExport
import Synchronization

extension Hearth {
    /// Records what a closure does, in memory, and returns it.
    ///
    /// ```swift
    /// import HearthTesting
    ///
    /// @Test func orders() async throws {
    ///     let recording = try await Hearth.recording { await placeOrder(items: 2) }
    ///     #expect(recording["order of {count} items"]?["count"] == 2)
    ///     #expect(recording.tree == "order of 2 items\n  take tea")
    /// }
    /// ```
    /// A process has one configuration, so recordings take turns, and one that the program made before ends. Environment variables count.
    /// - Parameters:
    ///   - seed: makes ids that are the same in each run; nil makes random ones. Tasks that run at the same time still take them in any order.
    ///   - clock: the time of spans; nil is the time of the system.
    ///   - change: further settings; destinations in it also get what is recorded.
    ///   - operation: what is recorded.
    /// - Throws: `ConfigurationError` and what the closure throws.
    nonisolated(nonsending) public static func recording(
        seed: UInt64? = 1,
        clock: TestClock? = TestClock(),
        configuration change: (inout HearthConfiguration) -> Void = { _ in },
        _ operation: nonisolated(nonsending) () async throws -> Void
    ) async throws -> Recording {
        await Turns.shared.begin()
        defer { Turns.shared.end() }
        let exporter = InMemoryExporter()
        var configuration = HearthConfiguration()
        configuration.send = .never
        configuration.detectsResource = false
        configuration.pendingSpans = false
        configuration.credentialsDirectory = "/nonexistent"
        change(&configuration)
        configuration.destinations.append(.memory(exporter))
        if let clock { SystemTime.setWall(clock.start, step: clock.step.wholeNanoseconds) }
        defer { SystemTime.setWall(0, step: 0) }
        try configure(configuration)
        IDGenerator.restart(seed: seed)
        defer { IDGenerator.restart(seed: nil) }
        do {
            try await operation()
        } catch {
            await shutdown()
            throw error
        }
        await shutdown()
        return Recording(records: exporter.records, metrics: exporter.metrics)
    }
}

/// Lets one caller through at a time, the others in the order they came.
private final class Turns: Sendable {
    static let shared = Turns()

    private struct State {
        var isTaken = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func begin() async {
        await withCheckedContinuation { continuation in
            let mayGo = state.withLock { state -> Bool in
                if state.isTaken {
                    state.waiting.append(continuation)
                    return false
                }
                state.isTaken = true
                return true
            }
            if mayGo { continuation.resume() }
        }
    }

    func end() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.waiting.isEmpty else {
                state.isTaken = false
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
