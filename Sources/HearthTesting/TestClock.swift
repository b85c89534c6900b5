import HearthExport

/// The time of spans in tests: stands still but for a small step with each look, and moves when it is told to.
public struct TestClock: Sendable, Hashable {
    /// Nanoseconds since the Unix epoch at the beginning.
    public var start: UInt64
    /// By how much each look at the clock moves it, so that what happens later has a later time.
    public var step: Duration

    /// - Parameters:
    ///   - secondsSinceEpoch: where the clock begins, in seconds since the Unix epoch; the first of January 2026 otherwise.
    ///   - step: how far the clock goes on with each look.
    public init(secondsSinceEpoch: UInt64 = 1_767_225_600, step: Duration = .microseconds(1)) {
        start = Duration.seconds(Int64(clamping: secondsSinceEpoch)).wholeNanoseconds
        self.step = step
    }

    /// Moves the clock of the recording that is under way.
    public func advance(by duration: Duration) {
        SystemTime.advanceWall(by: duration.wholeNanoseconds)
    }
}
