import HearthExport
import Testing

@Suite struct RetryMachineTests {
    private let second: UInt64 = 1_000_000_000

    @Test(arguments: 200..<300)
    func everySuccessFinishes(_ status: Int) {
        var machine = RetryMachine(RetryPolicy(), now: 0)
        #expect(machine.receive(.answered(status: status, retryAfter: nil), now: 1, closing: nil, random: 0) == .finish)
    }

    @Test(arguments: [100, 301, 302, 304, 400, 401, 403, 404, 405, 409, 410, 415, 422, 501])
    func whatWillNeverBeTakenIsDiscarded(_ status: Int) {
        var machine = RetryMachine(RetryPolicy(), now: 0)
        #expect(
            machine.receive(.answered(status: status, retryAfter: nil), now: 1, closing: nil, random: 0)
                == .discard(.refused(status: status))
        )
    }

    @Test(arguments: [408, 425, 429, 500, 502, 503, 504, 507, 529])
    func whatMaySucceedLaterIsRepeated(_ status: Int) {
        var machine = RetryMachine(RetryPolicy(), now: 0)
        #expect(machine.receive(.answered(status: status, retryAfter: nil), now: 1, closing: nil, random: 0) == .wait(second / 2))
    }

    @Test func tooLargeSplits() {
        var machine = RetryMachine(RetryPolicy(), now: 0)
        #expect(machine.receive(.answered(status: 413, retryAfter: nil), now: 1, closing: nil, random: 0) == .split)
    }

    @Test func delaysDoubleUpToTheLargest() {
        var machine = RetryMachine(RetryPolicy(), now: 0)
        var now: UInt64 = 0
        var pauses: [UInt64] = []
        for _ in 0..<7 {
            guard case .wait(let pause) = machine.receive(.broken, now: now, closing: nil, random: 1) else { break }
            pauses.append(pause / second)
            now += pause
        }
        #expect(pauses == [1, 2, 4, 8, 16, 32, 32])
    }

    @Test(arguments: [(0.0, 0.5), (0.5, 0.75), (1.0, 1.0), (-3, 0.5), (7, 1.0)])
    func jitterStaysWithinHalfAndWhole(_ random: Double, _ share: Double) {
        var machine = RetryMachine(RetryPolicy(), now: 0)
        #expect(machine.receive(.unreachable, now: 0, closing: nil, random: random) == .wait(UInt64(share * 1e9)))
    }

    @Test func theServersWishIsALowerBound() {
        var machine = RetryMachine(RetryPolicy(), now: 0)
        #expect(machine.receive(.answered(status: 503, retryAfter: 9 * second), now: 0, closing: nil, random: 1) == .wait(9 * second))
        #expect(machine.receive(.answered(status: 503, retryAfter: 1), now: 0, closing: nil, random: 1) == .wait(2 * second))
    }

    @Test func theWindowEnds() {
        var policy = RetryPolicy()
        policy.window = 10 * second
        var machine = RetryMachine(policy, now: 0)
        #expect(machine.receive(.broken, now: 9 * second, closing: nil, random: 1) == .wait(second))
        #expect(machine.receive(.broken, now: 10 * second, closing: nil, random: 1) == .discard(.exhausted))
        #expect(machine.receive(.answered(status: 503, retryAfter: 3600 * second), now: 0, closing: nil, random: 1) == .discard(.exhausted))
    }

    @Test func theEndOfTheProcessIsShort() {
        var machine = RetryMachine(RetryPolicy(), now: 0)
        #expect(machine.receive(.broken, now: 0, closing: 5 * second, random: 1) == .wait(second / 4))
        #expect(machine.receive(.broken, now: 5 * second - second / 4, closing: 5 * second, random: 1) == .discard(.closing))
    }

    @Test func aServerThatIsNotThereIsGivenUpSoonAtTheEnd() {
        var machine = RetryMachine(RetryPolicy(), now: 0)
        for _ in 0..<2 { #expect(machine.receive(.unreachable, now: 0, closing: 60 * second, random: 1) == .wait(second / 4)) }
        #expect(machine.receive(.unreachable, now: 0, closing: 60 * second, random: 1) == .discard(.closing))
        // An answer in between starts the count anew.
        var other = RetryMachine(RetryPolicy(), now: 0)
        for _ in 0..<2 { _ = other.receive(.unreachable, now: 0, closing: 60 * second, random: 1) }
        _ = other.receive(.answered(status: 503, retryAfter: nil), now: 0, closing: 60 * second, random: 1)
        #expect(other.receive(.unreachable, now: 0, closing: 60 * second, random: 1) == .wait(second / 4))
    }

    @Test(
        arguments: [("3", 3e9), ("0", 0), ("99999", 3600e9), ("0.5", 0.5e9), ("x", nil), ("-1", nil), ("nan", nil)] as [(String, Double?)])
    func retryAfterIsReadInSeconds(_ header: String, _ nanoseconds: Double?) {
        #expect(Sender.retryAfter(header) == nanoseconds.map { UInt64($0) })
    }

    @Test func oneWarningPerInterval() {
        var gate = WarningGate(interval: 10)
        #expect(gate.pass(now: 0) == 0)
        #expect(gate.pass(now: 5) == nil)
        #expect(gate.pass(now: 9) == nil)
        #expect(gate.pass(now: 10) == 2)
        #expect(gate.pass(now: 21) == 0)
    }
}
