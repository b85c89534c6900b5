public import CoreMetrics
import Hearth

/// The backend of swift-metrics: its instruments become those of `Hearth`, with dimensions as attributes.
///
/// ```swift
/// try Hearth.configure()
/// MetricsSystem.bootstrap(HearthMetricsFactory())
/// ```
/// | swift-metrics | OpenTelemetry |
/// |---|---|
/// | `Counter`, `FloatingPointCounter` | counter |
/// | `Meter`, `Gauge`, `Recorder(aggregate: false)` | gauge |
/// | `Recorder` | histogram |
/// | `Timer` | histogram in seconds |
public struct HearthMetricsFactory: MetricsFactory {
    private let scope: InstrumentationScope

    /// A factory for `MetricsSystem.bootstrap`; it may be made before `Hearth.configure`.
    public init() {
        scope = InstrumentationScope(name: "swift-metrics")
    }

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        IntegerCounter(Hearth.counter(label, of: Int64.self, scope: scope).with(Attributes(dimensions: dimensions)))
    }

    public func makeFloatingPointCounter(label: String, dimensions: [(String, String)]) -> any FloatingPointCounterHandler {
        FractionCounter(Hearth.counter(label, of: Double.self, scope: scope).with(Attributes(dimensions: dimensions)))
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        LastValue(Hearth.gauge(label, scope: scope).with(Attributes(dimensions: dimensions)))
    }

    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        let attributes = Attributes(dimensions: dimensions)
        guard aggregate else { return LastValue(Hearth.gauge(label, scope: scope).with(attributes)) }
        return Distribution(Hearth.histogram(label, scope: scope).with(attributes))
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        Distribution(Hearth.histogram(label, unit: "s", scope: scope).with(Attributes(dimensions: dimensions)))
    }

    // What a handler holds is let go with it.
    public func destroyCounter(_ handler: any CounterHandler) {}
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    public func destroyMeter(_ handler: any MeterHandler) {}
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    public func destroyTimer(_ handler: any TimerHandler) {}
}

extension Attributes {
    init(dimensions: [(String, String)]) {
        self.init(dimensions.map { Attribute($0.0, .string($0.1)) })
    }
}

private final class IntegerCounter: CounterHandler {
    private let counter: Hearth.Counter<Int64>

    init(_ counter: Hearth.Counter<Int64>) { self.counter = counter }

    func increment(by amount: Int64) { counter.add(amount) }
    func reset() { counter.reset() }
}

private final class FractionCounter: FloatingPointCounterHandler {
    private let counter: Hearth.Counter<Double>

    init(_ counter: Hearth.Counter<Double>) { self.counter = counter }

    func increment(by amount: Double) { counter.add(amount) }
    func reset() { counter.reset() }
}

private final class LastValue: MeterHandler, RecorderHandler {
    private let gauge: Hearth.Gauge<Double>

    init(_ gauge: Hearth.Gauge<Double>) { self.gauge = gauge }

    func set(_ value: Int64) { gauge.set(Double(value)) }
    func set(_ value: Double) { gauge.set(value) }
    func increment(by amount: Double) { gauge.adjust(by: amount) }
    func decrement(by amount: Double) { gauge.adjust(by: -amount) }
    func record(_ value: Int64) { gauge.set(Double(value)) }
    func record(_ value: Double) { gauge.set(value) }
}

private final class Distribution: RecorderHandler, TimerHandler {
    private let histogram: Hearth.Histogram<Double>

    init(_ histogram: Hearth.Histogram<Double>) { self.histogram = histogram }

    func record(_ value: Int64) { histogram.record(Double(value)) }
    func record(_ value: Double) { histogram.record(value) }
    func recordNanoseconds(_ duration: Int64) { histogram.record(Double(duration) / 1e9) }
}
