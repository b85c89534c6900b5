/// Whether the writer should wait a little for more batches before it commits what it has. A value without side effects.
///
/// A transaction has a cost of its own, a few milliseconds, that its rows share. Senders that wait for their answers would otherwise fall into
/// two halves: one prepares its next requests while the other is committed. So after a commit of `n` batches with `m` more waiting, `n + m` senders
/// are taken to be there, and the next commit waits until as many batches have come: never for longer than ``limit`` or the last commit took, not
/// for one sender, and not when what waits has rows enough to pay for a transaction.
struct GroupGathering: Sendable {
    /// Rows that need no company.
    static let enoughRows = 384
    /// Longest wait.
    static let limit = Duration.milliseconds(4)

    private var expected = 0
    private var deadline: ContinuousClock.Instant?
    private var taken: (batches: Int, at: ContinuousClock.Instant)?

    /// The writer is done with what it took and looks at the queue again.
    ///
    /// - Parameter waiting: batches in the queue.
    mutating func returned(waiting: Int, now: ContinuousClock.Instant) {
        guard let taken else { return deadline = nil }
        expected = taken.batches + waiting
        deadline = now.advanced(by: min(taken.at.duration(to: now), Self.limit))
        self.taken = nil
    }

    /// How much longer to wait; nil to take what waits now.
    func wait(waiting: Int, rows: Int, now: ContinuousClock.Instant) -> Duration? {
        guard let deadline, waiting < expected, rows < Self.enoughRows, now < deadline else { return nil }
        return now.duration(to: deadline)
    }

    /// The writer takes a group.
    mutating func took(batches: Int, now: ContinuousClock.Instant) {
        taken = (batches, now)
        deadline = nil
    }

    /// Nobody has sent anything for a while.
    mutating func idled() { self = GroupGathering() }
}
