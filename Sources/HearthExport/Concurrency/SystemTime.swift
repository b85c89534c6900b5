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
    package static func wall() -> UInt64 { read(CLOCK_REALTIME) }

    /// Time since some moment, never stepping: for delays and deadlines.
    package static func monotonic() -> UInt64 { read(CLOCK_MONOTONIC) }

    /// The moment of ``monotonic()`` that lies a duration ahead.
    package static func deadline(after duration: Duration) -> UInt64 {
        let (sum, overflow) = monotonic().addingReportingOverflow(duration.wholeNanoseconds)
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
