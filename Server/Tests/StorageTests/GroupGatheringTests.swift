import Testing

@testable import Storage

@Suite("Waiting for more batches before a commit")
struct GroupGatheringTests {
    private let start = ContinuousClock.now

    private func at(_ milliseconds: Double) -> ContinuousClock.Instant { start.advanced(by: .milliseconds(milliseconds)) }

    /// A commit of so many batches, from 0 to `end` milliseconds, after which so many wait.
    private func committed(_ batches: Int, until end: Double, waiting: Int) -> GroupGathering {
        var gathering = GroupGathering()
        gathering.took(batches: batches, now: at(0))
        gathering.returned(waiting: waiting, now: at(end))
        return gathering
    }

    @Test("Nothing is waited for before the first commit")
    func first() {
        var gathering = GroupGathering()
        gathering.returned(waiting: 1, now: at(0))
        #expect(gathering.wait(waiting: 1, rows: 1, now: at(0)) == nil)
    }

    @Test("One sender never waits, whether its next batch comes at once or later")
    func oneSender() {
        let gathering = committed(1, until: 3, waiting: 0)
        #expect(gathering.wait(waiting: 1, rows: 10, now: at(3)) == nil)
        #expect(gathering.wait(waiting: 1, rows: 10, now: at(5)) == nil)
    }

    @Test("Senders in two halves are brought together")
    func twoHalves() {
        let gathering = committed(2, until: 3, waiting: 2)
        #expect(gathering.wait(waiting: 2, rows: 100, now: at(3)) == .milliseconds(3))
        #expect(gathering.wait(waiting: 3, rows: 150, now: at(4)) == .milliseconds(2))
        #expect(gathering.wait(waiting: 4, rows: 200, now: at(5)) == nil)
    }

    @Test("No longer than the last commit took, nor than the limit", arguments: [(1.0, 1.0), (4.0, 4.0), (60.0, 4.0)])
    func limits(commit: Double, wait: Double) {
        let gathering = committed(2, until: commit, waiting: 2)
        #expect(gathering.wait(waiting: 2, rows: 2, now: at(commit)) == .milliseconds(wait))
        #expect(gathering.wait(waiting: 2, rows: 2, now: at(commit + wait)) == nil)
    }

    @Test("A sender that has gone is waited for once")
    func gone() {
        var gathering = committed(4, until: 3, waiting: 0)
        #expect(gathering.wait(waiting: 3, rows: 30, now: at(4)) != nil)
        #expect(gathering.wait(waiting: 3, rows: 30, now: at(6)) == nil)
        gathering.took(batches: 3, now: at(6))
        gathering.returned(waiting: 0, now: at(9))
        #expect(gathering.wait(waiting: 3, rows: 30, now: at(9)) == nil)
    }

    @Test("Rows enough for a transaction do not wait")
    func enoughRows() {
        let gathering = committed(2, until: 3, waiting: 2)
        #expect(gathering.wait(waiting: 2, rows: GroupGathering.enoughRows, now: at(3)) == nil)
        #expect(gathering.wait(waiting: 2, rows: GroupGathering.enoughRows - 1, now: at(3)) != nil)
    }

    @Test("After a pause nobody is expected")
    func idle() {
        var gathering = committed(2, until: 3, waiting: 2)
        gathering.idled()
        gathering.returned(waiting: 0, now: at(4))
        #expect(gathering.wait(waiting: 1, rows: 1, now: at(4)) == nil)
    }
}
