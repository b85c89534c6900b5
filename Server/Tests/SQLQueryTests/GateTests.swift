import DuckDBKit
import Foundation
import Synchronization
import TelemetryModel
import Testing

@testable import SQLQuery

extension SQLSuites {
    @Suite struct GateTests {
        private static let (one, two) = (ProjectID(1), ProjectID(2))

        private final class Noted<Value: Sendable>: Sendable {
            private let value: Mutex<Value>
            init(_ value: Value) { self.value = Mutex(value) }
            func change(_ body: (inout sending Value) -> Void) { value.withLock { body(&$0) } }
            var now: Value { value.withLock { $0 } }
        }

        private func gate(_ change: (inout QueryGate.Limits) -> Void = { _ in }) -> QueryGate {
            var limits = QueryGate.Limits()
            change(&limits)
            return QueryGate(limits)
        }

        /// A query becomes heavy by the time of a processor that it takes; what it waits counts only in the end.
        @Test(
            arguments: [
                (0, 0, 250), (100, 40, 210), (250, 5, 245), (300, 245, 10), (300, 250, nil), (250, 250, nil), (800, 10, 200), (995, 10, 10),
                (1_000, 0, nil), (5_000, 5_000, nil), (100, nil, 150), (250, nil, nil),
            ] as [(Int, Int?, Int?)])
        func becomesHeavy(_ elapsed: Int, _ used: Int?, _ rest: Int?) {
            let found = QueryGate.Limits().rest(elapsed: .milliseconds(elapsed), used: used.map { .milliseconds($0) })
            #expect(found == rest.map { .milliseconds($0) })
        }

        @Test func aThreadsClockStandsStillWhileItSleeps() throws {
            #if os(Linux)
                let clock = ThreadClock.current
                let before = try #require(clock.time)
                usleep(100_000)
                #expect(try #require(clock.time) - before < .milliseconds(50))
            #endif
        }

        @Test func projectsTakeTurns() async throws {
            let gate = gate { $0.light = 1 }
            let first = try await gate.enter(Self.one, Ticket())
            let order = Noted<[Int]>([])
            // Four of one project come before one of another.
            let waiting = (0..<5).map { index in
                Task {
                    let permit = try await gate.enter(index < 4 ? Self.one : Self.two, Ticket())
                    order.change { $0.append(index) }
                    gate.leave(permit)
                }
            }
            while gate.waitingCount < 5 { await Task.yield() }
            gate.leave(first)
            for task in waiting { try await task.value }
            #expect(order.now.firstIndex(of: 4) ?? 9 <= 1)
        }

        @Test func aFullQueueRefuses() async throws {
            let gate = gate {
                $0.light = 1
                $0.waitingPerProject = 1
            }
            let first = try await gate.enter(Self.one, Ticket())
            let waiting = Task { try await gate.enter(Self.one, Ticket()) }
            while gate.waitingCount < 1 { await Task.yield() }
            let error = await #expect(throws: QueryError.self) { _ = try await gate.enter(Self.one, Ticket()) }
            #expect(error?.status == 429 && error?.retryAfter != nil)
            // Another project is not concerned.
            let other = Task { try await gate.enter(Self.two, Ticket()) }
            while gate.waitingCount < 2 { await Task.yield() }
            gate.leave(first)
            gate.leave(try await waiting.value)
            gate.leave(try await other.value)
        }

        @Test func whileMemoryIsShortOneLongQueryRuns() async throws {
            let isShort = Noted(false)
            var limits = QueryGate.Limits()
            limits.light = 4
            let gate = QueryGate(limits) { isShort.now }
            var permits: [QueryPermit] = []
            for _ in 0..<4 { permits.append(try await gate.enter(Self.one, Ticket())) }
            gate.promote(permits[0])
            gate.promote(permits[1])
            #expect(permits[0].phase == .heavy && permits[1].phase == .suspended)
            isShort.change { $0 = true }
            gate.promote(permits[2])
            #expect(permits[2].phase == .refused && permits[2].ticket.stop == .shortOfMemory)
            gate.leave(permits[2])
            gate.leave(permits[0])
            #expect(permits[1].phase == .heavy)
            gate.leave(permits[1])
            // Alone it may run.
            gate.promote(permits[3])
            #expect(permits[3].phase == .heavy)
            gate.leave(permits[3])
        }

        @Test func tooManyLongQueriesInAll() async throws {
            let gate = gate {
                $0.light = 2
                $0.heavyInAll = 1
            }
            let (first, other) = (try await gate.enter(Self.one, Ticket()), try await gate.enter(Self.two, Ticket()))
            gate.promote(first)
            gate.promote(other)
            #expect(first.phase == .heavy && other.ticket.stop == .tooManyHeavyInAll)
            gate.leave(first)
            gate.leave(other)
        }

        @Test func longQueriesGiveTheirPlaceBack() async throws {
            let gate = gate {
                $0.light = 1
                $0.heavyPerProject = 2
                $0.turn = .milliseconds(1)
            }
            let first = try await gate.enter(Self.one, Ticket())
            gate.promote(first)
            #expect(first.phase == .heavy)
            let second = try await gate.enter(Self.one, Ticket())
            gate.promote(second)
            #expect(second.phase == .suspended)
            // A third one of the project is too many.
            let third = try await gate.enter(Self.one, Ticket())
            gate.promote(third)
            #expect(third.phase == .refused && third.ticket.stop == .tooManyHeavy && !gate.step(third))
            gate.leave(third)
            // The first gives way to the second, which is new.
            try await Task.sleep(for: .milliseconds(5))
            let firstStep = step(gate, first)
            while second.phase != .heavy { try await Task.sleep(for: .milliseconds(1)) }
            #expect(first.phase == .suspended && !firstStep.now)
            // The second has had its turn, but of one project the first one to come ends first.
            try await Task.sleep(for: .milliseconds(5))
            #expect(gate.step(second) && second.phase == .heavy)
            // The other project gets its turn, and gives it back.
            let other = try await gate.enter(Self.two, Ticket())
            gate.promote(other)
            #expect(other.phase == .suspended)
            try await Task.sleep(for: .milliseconds(5))
            let secondStep = step(gate, second)
            while second.phase != .suspended { try await Task.sleep(for: .milliseconds(1)) }
            gate.leave(first.phase == .heavy ? first : other)
            while other.phase == .suspended { try await Task.sleep(for: .milliseconds(1)) }
            gate.leave(other)
            gate.leave(first)
            while !secondStep.now { try await Task.sleep(for: .milliseconds(1)) }
            #expect(second.phase == .heavy)
            gate.leave(second)
            let last = try await gate.enter(Self.one, Ticket())
            gate.promote(last)
            #expect(last.phase == .heavy)
            gate.leave(last)
        }

        /// Steps on a thread of its own, as queries do; tells when the step is over.
        private func step(_ gate: QueryGate, _ permit: QueryPermit) -> Noted<Bool> {
            let isOver = Noted(false)
            let isStarted = WorkerThread.start {
                _ = gate.step(permit)
                isOver.change { $0 = true }
            }
            #expect(isStarted)
            return isOver
        }

        @Test func parkedQueriesHaveNoPlace() async throws {
            let gate = gate { $0.light = 1 }
            let parked = try await gate.enter(Self.one, Ticket())
            gate.park(parked)
            let light = try await gate.enter(Self.one, Ticket())
            gate.promote(light)
            #expect(light.phase == .heavy)
            gate.leave(light)
            #expect(gate.unpark(parked) && parked.phase == .heavy)
            gate.leave(parked)
            gate.leave(parked)
            let next = try await gate.enter(Self.one, Ticket())
            gate.promote(next)
            #expect(next.phase == .heavy)
            gate.leave(next)
        }

        @Test func stoppedQueriesLeaveTheQueue() async throws {
            let gate = gate { $0.light = 1 }
            let first = try await gate.enter(Self.one, Ticket())
            let ticket = Ticket()
            let waiting = Task { try await gate.enter(Self.one, ticket) }
            while gate.waitingCount < 1 { await Task.yield() }
            ticket.stopWaiting()
            gate.drop(ticket)
            let error = await #expect(throws: QueryError.self) { _ = try await waiting.value }
            #expect(error?.code == .tooMany)
            gate.close()
            let refused = await #expect(throws: QueryError.self) { _ = try await gate.enter(Self.two, Ticket()) }
            #expect(refused?.status == 503)
            gate.leave(first)
        }
    }
}
