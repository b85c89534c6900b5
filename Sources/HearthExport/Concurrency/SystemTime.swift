import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The two clocks of the SDK, both in nanoseconds.
package enum SystemTime {
    /// Time since the Unix epoch.
    @inline(__always)
    package static func wall() -> UInt64 {
        if manual.load(ordering: .relaxed) == 0 { return read(CLOCK_REALTIME) }
        return manual.wrappingAdd(step.load(ordering: .relaxed), ordering: .relaxed).newValue
    }

    private static let manual = Atomic<UInt64>(0)
    private static let step = Atomic<UInt64>(0)

    /// Sets the wall clock for tests; zero is the system's.
    ///
    /// - Parameter newStep: by how much each look at the clock moves it.
    package static func setWall(_ time: UInt64, step newStep: UInt64) {
        step.store(newStep, ordering: .relaxed)
        manual.store(time, ordering: .relaxed)
    }

    /// Moves a clock that was set.
    package static func advanceWall(by time: UInt64) {
        if manual.load(ordering: .relaxed) != 0 { manual.wrappingAdd(time, ordering: .relaxed) }
    }

    /// Time since some moment, never stepping: for delays and deadlines.
    package static func monotonic() -> UInt64 { read(CLOCK_MONOTONIC) }

    /// The moment of ``monotonic()`` that lies a duration ahead.
    package static func deadline(after duration: Duration) -> UInt64 { deadline(after: duration.wholeNanoseconds) }

    /// The moment of ``monotonic()`` that lies so many nanoseconds ahead; the largest number stands for never.
    package static func deadline(after nanoseconds: UInt64, from now: UInt64 = monotonic()) -> UInt64 {
        let (sum, overflow) = now.addingReportingOverflow(nanoseconds)
        return overflow ? .max : sum
    }

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }
}

extension Duration {
    /// Nanoseconds; negative durations are zero, very long ones the largest number.
    package var wholeNanoseconds: UInt64 {
        let parts = components
        guard parts.seconds >= 0, parts.attoseconds >= 0 else { return 0 }
        let (seconds, overflow) = UInt64(parts.seconds).multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : seconds &+ UInt64(parts.attoseconds / 1_000_000_000)
    }
}
