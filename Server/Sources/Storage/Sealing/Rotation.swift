/// When hot files are begun and sealed. A value without side effects; the writer asks it after everything it does.
struct Rotation: Sendable {
    /// Hot files that are full, oldest first; the first may be being sealed.
    private(set) var waiting: [Int64]
    /// The one that the sealer works on.
    private(set) var sealing: Int64?
    /// The one that is written.
    private(set) var current: Int64
    /// Whether nothing was committed since the last look.
    var isIdle = true

    private let limits: Limits
    private var beganAt: ContinuousClock.Instant
    private var idleSince: ContinuousClock.Instant?
    /// After a failure nothing is tried until then.
    private var notBefore: ContinuousClock.Instant?
    private var jobHadTurn = true

    struct Limits: Sendable {
        var bytes: Int64
        var rows: Int64
        var idleSeconds: Double
        var idleBytes: Int64
        var seconds: Double
    }

    /// - Parameters:
    ///   - hots: those that exist, in order; the last is written.
    ///   - sealing: the one that a sealer still works on.
    init(_ hots: [Int64], _ configuration: StorageConfiguration, sealing: Int64? = nil, now: ContinuousClock.Instant = .now) {
        waiting = Array(hots.dropLast())
        current = hots.last ?? 1
        self.sealing = sealing
        limits = Limits(
            bytes: Int64(configuration.rotationBytes), rows: configuration.rotationRows, idleSeconds: configuration.idleSeconds,
            idleBytes: Int64(configuration.idleRotationBytes), seconds: configuration.rotationSeconds)
        beganAt = now
    }

    /// Whether the present hot file should be full now.
    mutating func shouldRotate(bytes: Int64, rows: Int64, now: ContinuousClock.Instant) -> Bool {
        if isIdle { idleSince = idleSince ?? now } else { idleSince = nil }
        isIdle = true
        if rows == 0 { return false }
        if let notBefore, now < notBefore { return false }
        if bytes >= limits.bytes || rows >= limits.rows { return true }
        let age = beganAt.duration(to: now)
        if age >= .seconds(limits.seconds) { return true }
        guard let idleSince, idleSince.duration(to: now) >= .seconds(limits.idleSeconds) else { return false }
        return bytes >= limits.idleBytes
    }

    /// Whether the next hot file should be begun before so many rows are written, because they do not fit into the present one. When that is
    /// not three quarters full they are written to it all the same.
    func shouldRotate(rows: Int64, before new: Int64, now: ContinuousClock.Instant) -> Bool {
        if let notBefore, now < notBefore { return false }
        return rows + new > limits.rows && rows >= limits.rows / 4 * 3
    }

    mutating func rotated(to hot: Int64, now: ContinuousClock.Instant) {
        waiting.append(current)
        current = hot
        beganAt = now
    }

    mutating func postpone(now: ContinuousClock.Instant) { notBefore = now.advanced(by: .seconds(1)) }

    /// The hot file that the sealer should begin with now; nil when it works, has nothing to do, or maintenance has to have its turn first.
    mutating func next(hasJobs: Bool, now: ContinuousClock.Instant) -> Int64? {
        guard sealing == nil, let first = waiting.first else { return nil }
        if let notBefore, now < notBefore { return nil }
        if hasJobs, !jobHadTurn {
            jobHadTurn = true
            return nil
        }
        jobHadTurn = false
        sealing = first
        return first
    }

    /// The sealer has ended with a hot file. One that failed is tried again later.
    mutating func ended(_ hot: Int64, succeeded: Bool, now: ContinuousClock.Instant) {
        if sealing == hot { sealing = nil }
        if succeeded { waiting.removeAll { $0 == hot } } else { notBefore = now.advanced(by: .seconds(5)) }
    }

    /// Milliseconds that the writer should wait before the next group, so that hot files do not pile up: memory holds what is not sealed.
    var delay: UInt32 {
        let surplus = UInt32(clamping: waiting.count - 1)
        return surplus == 0 ? 0 : min(250, surplus * surplus * 100)
    }

    /// What is left to do in the background.
    func backlog(bytes: Int64, rows: Int64) -> SealingBacklog {
        SealingBacklog(
            waiting: waiting.count, isSealing: sealing != nil, willRotate: rows > 0 && bytes >= min(limits.idleBytes, limits.bytes))
    }
}

/// Hot files that are not sealed yet.
struct SealingBacklog: Sendable, Hashable {
    var waiting = 0
    var isSealing = false
    /// Whether the hot file that is written will be sealed as soon as nobody sends anything for a while.
    var willRotate = false

    var isSettled: Bool { waiting == 0 && !isSealing && !willRotate }
}
