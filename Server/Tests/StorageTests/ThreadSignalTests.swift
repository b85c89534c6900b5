import Dispatch
import Storage
import Testing

@Suite("Signals between threads")
struct ThreadSignalTests {
    @Test("signals are counted, and a wait without one ends in time")
    func countsAndEnds() {
        let signal = ThreadSignal()
        #expect(!signal.wait(for: .zero))
        #expect(!signal.wait(for: .seconds(-1)))
        signal.signal()
        signal.signal()
        signal.wait()
        #expect(signal.wait(for: .seconds(60)))
        let began = ContinuousClock.now
        #expect(!signal.wait(for: .milliseconds(1_030)))
        #expect(began.duration(to: .now) >= .milliseconds(1_029))
    }

    @Test("a signal of another thread ends a long wait")
    func wakes() {
        let signal = ThreadSignal()
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(50)) { signal.signal() }
        #expect(signal.wait(for: .seconds(3_600)))
    }
}
