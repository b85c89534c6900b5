#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Two time lines: when things happened in the story, and when they are sent.
///
/// At speed 1 both are the wall clock. At a higher speed the story keeps its durations, so it takes longer than the sending: it is
/// moved into the past so far that its end falls on the end of the sending, and nothing lies in the future when it is sent.
struct DemoClock: Sendable {
    /// Unix nanoseconds of the story's first moment.
    let storyStart: Int64
    /// Nanoseconds.
    let storyLength: Int64
    private let wallStart: Int64
    private let speed: Double

    /// - Parameters:
    ///   - wallStart: Unix nanoseconds.
    ///   - length: the story's length, nanoseconds.
    ///   - speed: at least 1.
    init(wallStart: Int64, length: Int64, speed: Double) {
        self.wallStart = wallStart
        self.storyLength = length
        self.speed = max(1, speed)
        storyStart = wallStart + Int64(Double(length) / self.speed) - length
    }

    /// The wall-clock time (Unix nanoseconds) at which the story has reached `storyTime`.
    func wallTime(of storyTime: Int64) -> Int64 {
        wallStart + Int64(Double(storyTime - storyStart) / speed)
    }

    /// Unix nanoseconds.
    static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
