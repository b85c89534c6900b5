import Hearth
import HearthTesting
import Testing

private struct Refused: Error {}

private func order(_ items: Int) async {
    await Hearth.span("order of {count} items", ["count": items]) { _ in
        Hearth.span("take {item}", ["item": "tea"]) { _ in }
        await Task.yield()
        Hearth.warn("the oven is cold")
        Hearth.counter("shop.orders").add(1, ["kind": "small"])
    }
}

/// Used as by an application's tests, with public interfaces only.
///
/// Each in a process of its own, because the SDK's other tests configure this one.
@Suite struct RecordingUseTests {
    @Test func treesAreComparedAsAWhole() async throws {
        await #expect(processExitsWith: .success) {
            let recording = try await Hearth.recording { await order(2) }
            #expect(
                recording.tree == """
                    order of 2 items
                      take tea
                      [warn] the oven is cold
                    """)
            #expect(recording["order of {count} items"]?["count"] == 2)
            #expect(recording.spans.count == 2 && recording.logs.count == 1)
            #expect(recording.metric("shop.orders")?[["kind": "small"]]?.value == .int(1))
            let root = try #require(recording["order of {count} items"])
            #expect(recording.children(of: root).map(\.name) == ["take {item}", "the oven is cold"])
        }
    }

    @Test func idsAndTimesAreTheSameInEachRun() async throws {
        await #expect(processExitsWith: .success) {
            let first = try await Hearth.recording { await order(1) }
            let second = try await Hearth.recording { await order(1) }
            #expect(first.records == second.records)
            #expect(first.records.first?.start ?? 0 > 1_767_225_600_000_000_000)
            let other = try await Hearth.recording(seed: 2) { await order(1) }
            #expect(other.records.map(\.spanID) != first.records.map(\.spanID))
        }
    }

    @Test func theClockMovesWhenItIsTold() async throws {
        await #expect(processExitsWith: .success) {
            let clock = TestClock(secondsSinceEpoch: 1000, step: .zero)
            let recording = try await Hearth.recording(clock: clock) {
                Hearth.span("slow") { _ in clock.advance(by: .milliseconds(1500)) }
            }
            let span = try #require(recording["slow"])
            #expect(span.start == 1_000_000_000_000)
            #expect(span.end - span.start == 1_500_000_000)
        }
    }

    @Test func errorsLeaveAndTheNextRecordingBegins() async throws {
        await #expect(processExitsWith: .success) {
            await #expect(throws: Refused.self) {
                _ = try await Hearth.recording { throw Refused() }
            }
            let recording = try await Hearth.recording(configuration: { $0.minimumLevel = .warn }) {
                Hearth.info("too low")
                Hearth.error("kept", error: Refused())
            }
            #expect(recording.records.map(\.name) == ["kept"])
        }
    }

    @Test func recordingsTakeTurns() async throws {
        await #expect(processExitsWith: .success) {
            await withTaskGroup { group in
                for number in 0..<8 {
                    group.addTask {
                        let recording = try? await Hearth.recording {
                            for _ in 0..<20 {
                                Hearth.info("number {n}", ["n": number])
                                await Task.yield()
                            }
                        }
                        #expect(recording?.records.count == 20)
                        #expect(recording?.records.allSatisfy { $0["n"] == .int(Int64(number)) } == true)
                    }
                }
            }
        }
    }
}
