import CMallocCount
import Testing

@testable import Hearth

extension RecordingTests {
    /// Allocations of a closure that is called a thousand times, after it has been called a few times.
    private func allocations(_ body: () -> Void) -> Int {
        for _ in 0..<100 { body() }
        let before = hearth_malloc_count()
        for _ in 0..<1000 { body() }
        return Int(hearth_malloc_count() - before)
    }

    /// A count, not a time: what a measurement costs in memory once its attribute set is known.
    @Test(.enabled(if: hearth_malloc_count() >= 0)) func measurementsAllocateNothing() async throws {
        let counter = Hearth.counter("test.allocations")
        let doubles = Hearth.counter("test.allocations.double", of: Double.self)
        let histogram = Hearth.histogram("test.allocations.histogram")
        let explicit = Hearth.histogram("test.allocations.explicit")
        let gauge = Hearth.gauge("test.allocations.gauge")
        let attributes: Attributes = ["tool": "search", "status": 200]
        let bound = counter.with(attributes)
        let boundHistogram = histogram.with(attributes)
        _ = try await measured {
            $0.metrics.views = [MetricView("test.allocations.explicit", aggregation: .explicitBuckets(nil))]
        } _: { _ in
            func check() {
                #expect(allocations { counter.add(1) } == 0)
                #expect(allocations { bound.add(1) } == 0)
                #expect(allocations { counter.add(1, attributes) } == 0)
                #expect(allocations { doubles.add(0.5) } == 0)
                #expect(allocations { histogram.record(12.5) } == 0)
                #expect(allocations { boundHistogram.record(12.5) } == 0)
                #expect(allocations { histogram.record(12.5, attributes) } == 0)
                #expect(allocations { explicit.record(12.5, attributes) } == 0)
                #expect(allocations { gauge.set(3) } == 0)
            }
            check()
            Hearth.span("inside") { _ in check() }
        }
        let inactive = allocations { counter.add(1, ["never": "evaluated"]) }
        #expect(inactive == 0)
        // The counter itself counts.
        #expect(allocations { _ = [Int](repeating: 1, count: Int.random(in: 100...200)) } >= 1000)
    }
}
