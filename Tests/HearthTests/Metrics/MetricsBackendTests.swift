import CoreMetrics
import HearthMetrics
import Testing

@testable import Hearth

extension RecordingTests {
    @Test func instrumentsOfSwiftMetricsAreCollected() async throws {
        let exporter = try await measured { _ in
            withMetricsFactory(HearthMetricsFactory()) {
                let counter = CoreMetrics.Counter(label: "backend.counter", dimensions: [("route", "/a"), ("method", "GET")])
                counter.increment(by: 4)
                counter.increment()
                FloatingPointCounter(label: "backend.fraction").increment(by: 0.5)
                let meter = Meter(label: "backend.meter")
                meter.set(5)
                meter.increment(by: 2.5)
                meter.decrement(by: 0.5)
                Recorder(label: "backend.recorder").record(3)
                CoreMetrics.Gauge(label: "backend.gauge").record(1.5)
                CoreMetrics.Timer(label: "backend.timer").recordMilliseconds(250)
                let reset = CoreMetrics.Counter(label: "backend.reset")
                reset.increment(by: 100)
                reset.reset()
                reset.increment(by: 2)
                let gone = CoreMetrics.Counter(label: "backend.gone")
                gone.increment()
                gone.destroy()
            }
        }
        let counter = try #require(exporter.metric("backend.counter"))
        #expect(counter[["method": "GET", "route": "/a"]]?.value == .int(5))
        #expect(counter.scope.name == "swift-metrics")
        #expect(exporter.metric("backend.fraction")?[[:]]?.value == .double(0.5))
        #expect(exporter.metric("backend.meter")?[[:]]?.value == .double(7))
        #expect(exporter.metric("backend.meter")?.kind == .gauge)
        #expect(exporter.metric("backend.recorder")?[[:]]?.count == 1)
        #expect(exporter.metric("backend.gauge")?[[:]]?.value == .double(1.5))
        #expect(exporter.metric("backend.timer")?[[:]]?.number == 0.25)
        #expect(exporter.metric("backend.timer")?.unit == "s")
        #expect(exporter.metric("backend.reset")?[[:]]?.value == .int(2))
        #expect(exporter.metric("backend.gone")?[[:]]?.value == .int(1))
    }
}
