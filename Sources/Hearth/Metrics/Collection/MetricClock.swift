/// The time of collections: wall time that never goes back.
///
/// When the wall clock is set back, time goes on from the last collection at the pace of the monotonic clock until the wall clock has caught
/// up, so that intervals keep their lengths. When it is set ahead, one interval is longer.
struct MetricClock: Sendable {
    /// Nanoseconds since the Unix epoch.
    private(set) var last: UInt64
    private var lastMonotonic: UInt64

    init(wall: UInt64, monotonic: UInt64) {
        last = wall
        lastMonotonic = monotonic
    }

    /// The time of a collection, later than the one before.
    mutating func tick(wall: UInt64, monotonic: UInt64) -> UInt64 {
        let elapsed = monotonic > lastMonotonic ? monotonic - lastMonotonic : 0
        last = wall > last ? wall : last &+ max(elapsed, 1)
        lastMonotonic = monotonic
        return last
    }
}
