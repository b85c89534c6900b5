import HearthExport
import Instrumentation
import Synchronization

/// What makes an instrument the same as another.
struct InstrumentIdentity: Sendable, Hashable {
    var name: String
    var kind: InstrumentKind
    var unit: String
    var description: String
    var isFloatingPoint: Bool
    var scope: InstrumentationScope

    /// Why the name cannot be used with OpenTelemetry; nil when it can.
    var problem: String? {
        if name.isEmpty { return "an instrument without a name records nothing" }
        let isValid =
            name.utf8.count <= 255 && (name.utf8.first.map(Self.isLetter) ?? false)
            && name.utf8.allSatisfy { Self.isLetter($0) || (0x30...0x39).contains($0) || "_.-/".utf8.contains($0) }
        return isValid ? nil : "the name of the instrument '\(name)' is not one that all OpenTelemetry receivers take"
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) }
}

/// Something that measures: known for the life of the process, tied to the configuration in use.
final class Instrument: Sendable {
    private struct Callbacks {
        var next = 0
        var all: [(number: Int, body: @Sendable (InstrumentStorage) -> Void)] = []
    }

    let identity: InstrumentIdentity
    /// Bounds that are used where explicit buckets are chosen, as the application gave them.
    private let boundaries: [Double]?
    private let callbacks = Mutex(Callbacks())
    /// The instrument made before; see ``InstrumentRegistry/becomeChild()``.
    let next = Atomic<UInt>(0)
    /// Points to an object that is never freed: configurations are few and threads may hold the old one.
    private let pointer = Atomic<UInt>(0)

    init(_ identity: InstrumentIdentity, boundaries: [Double]?) {
        self.identity = identity
        self.boundaries = boundaries
    }

    /// The boundaries, nil when there are none or they cannot be used, which is told.
    var usableBoundaries: [Double]? {
        guard let boundaries, let problem = MetricAggregation.explicitBuckets(boundaries).problem else { return boundaries }
        Diagnostics.warn(.configuration, "the histogram '\(identity.name)' \(problem); it takes the default ones")
        return nil
    }

    /// Nil while metrics are not recorded.
    var storage: InstrumentStorage? {
        let bits = pointer.load(ordering: .acquiring)
        return bits == 0 ? nil : Unmanaged<InstrumentStorage>.fromOpaque(UnsafeRawPointer(bitPattern: bits)!).takeUnretainedValue()
    }

    func bind(_ storage: InstrumentStorage?) {
        pointer.store(storage.map { UInt(bitPattern: Unmanaged.passRetained($0).toOpaque()) } ?? 0, ordering: .releasing)
    }

    /// The unit as a duration: what ``Hearth/Histogram/time(_:_:)-(_,()throws(Failure)->Result)`` divides by.
    var unitDuration: Duration {
        switch identity.unit {
        case "ms": .milliseconds(1)
        case "us": .microseconds(1)
        case "ns": .nanoseconds(1)
        default: .seconds(1)
        }
    }

    // MARK: Measurements

    func record(_ value: MeasuredValue, _ attributes: [Attribute], _ binding: MetricBinding?) {
        guard let storage, storage.admits(value) else { return }
        let node = storage.readsContext ? InstrumentationContext.current?.hearth : nil
        if node?.settings?.values.isSuppressed == true { return }
        let span = node?.span
        if storage.collectsInSpans, let span { span.addMetric(identity.name, Self.joined(binding, attributes), value) }
        let isWanted =
            switch storage.exemplars {
            case .always: true
            case .traceBased: span != nil
            case .never: false
            }
        if let binding, attributes.isEmpty {
            let source = isWanted ? ExemplarSource(isWanted: true, span: span, attributes: binding.attributes) : .none
            let all = binding.series(in: storage)
            for index in 0..<all.count { all[index].cell.record(value, source) }
            return
        }
        let all = Self.joined(binding, attributes)
        let source = isWanted ? ExemplarSource(isWanted: true, span: span, attributes: all) : .none
        for index in 0..<storage.streams.count { storage.streams[index].record(value, all, source) }
    }

    private static func joined(_ binding: MetricBinding?, _ attributes: [Attribute]) -> [Attribute] {
        guard let binding, !binding.attributes.isEmpty else { return attributes }
        return attributes.isEmpty ? binding.attributes : binding.attributes + attributes
    }

    // MARK: Callbacks

    /// - Returns: the number to remove it by.
    func addCallback(_ body: @escaping @Sendable (InstrumentStorage) -> Void) -> Int {
        callbacks.withLock { callbacks in
            callbacks.next += 1
            callbacks.all.append((callbacks.next, body))
            return callbacks.next
        }
    }

    func removeCallback(_ number: Int) {
        callbacks.withLock { callbacks in callbacks.all.removeAll { $0.number == number } }
    }

    /// Asks all callbacks, without holding a lock.
    func observe(into storage: InstrumentStorage) {
        for callback in callbacks.withLock({ $0.all }) { callback.body(storage) }
    }
}

/// What an instrument is under one configuration.
final class InstrumentStorage: Sendable {
    let instrument: Instrument
    /// One without views, none when views drop it.
    let streams: [MetricStream]
    let exemplars: ExemplarFilter
    let collectsInSpans: Bool
    /// Whether measurements look at the span around them.
    let readsContext: Bool

    init(_ instrument: Instrument, streams: [MetricStream], exemplars: ExemplarFilter, collectsInSpans: Bool) {
        self.instrument = instrument
        self.streams = streams
        self.exemplars = exemplars
        self.collectsInSpans = collectsInSpans
        readsContext = !streams.isEmpty || collectsInSpans
    }

    /// Whether a number can be summed up; told once per minute when not.
    func admits(_ value: MeasuredValue) -> Bool {
        if !value.isFinite {
            Diagnostics.warn(.configuration, "a measurement of '\(instrument.identity.name)' was ignored because it is no finite number")
            return false
        }
        if instrument.identity.kind.isMonotonic, value.isNegative {
            Diagnostics.warn(.configuration, "the counter '\(instrument.identity.name)' does not take negative amounts; one was ignored")
            return false
        }
        return true
    }

    /// Takes what a callback reports.
    func observe(_ value: MeasuredValue, _ attributes: [Attribute]) {
        guard admits(value) else { return }
        for stream in streams { stream.record(value, attributes, .none) }
    }
}

/// What handles record into: an instrument, with or without attributes that are looked up once.
@usableFromInline
struct MetricTarget: Sendable {
    let instrument: Instrument
    let binding: MetricBinding?

    init(instrument: Instrument, binding: MetricBinding?) {
        self.instrument = instrument
        self.binding = binding ?? MetricBinding(instrument, attributes: [])
    }

    @usableFromInline var isActive: Bool { instrument.storage != nil }

    /// - Parameter attributes: evaluated only while metrics are recorded.
    @inlinable
    func record(_ value: MeasuredValue, _ attributes: () -> Attributes) {
        if isActive { record(value, attributes()) }
    }

    @usableFromInline
    func record(_ value: MeasuredValue, _ attributes: Attributes) {
        instrument.record(value, attributes.elements, binding)
    }

    func bound(to attributes: Attributes) -> MetricTarget {
        let all = MetricAttributes.canonical((binding?.attributes ?? []) + attributes.elements, keeping: nil)
        return MetricTarget(instrument: instrument, binding: MetricBinding(instrument, attributes: all))
    }
}

/// An attribute set that is looked up once per configuration.
final class MetricBinding: Sendable {
    private final class Entry: Sendable {
        let storage: InstrumentStorage
        let series: [MetricStream.Series]

        init(storage: InstrumentStorage, series: [MetricStream.Series]) {
            self.storage = storage
            self.series = series
        }
    }

    let attributes: [Attribute]
    private let instrument: Instrument
    /// Points to an ``Entry``; those of old configurations are never freed, since threads may still read them.
    private let pointer = Atomic<UInt>(0)

    init(_ instrument: Instrument, attributes: [Attribute]) {
        self.instrument = instrument
        self.attributes = attributes
    }

    deinit {
        guard let last = Self.entry(pointer.load(ordering: .acquiring)) else { return }
        for series in last.takeUnretainedValue().series { series.holders.wrappingSubtract(1, ordering: .relaxed) }
        last.release()
    }

    func series(in storage: InstrumentStorage) -> [MetricStream.Series] {
        let bits = pointer.load(ordering: .acquiring)
        if let known = Self.entry(bits)?.takeUnretainedValue(), known.storage === storage { return known.series }
        let new = Entry(storage: storage, series: storage.streams.map { $0.retain(attributes) })
        let reference = Unmanaged.passRetained(new)
        let (isDone, _) = pointer.compareExchange(
            expected: bits, desired: UInt(bitPattern: reference.toOpaque()), ordering: .acquiringAndReleasing)
        if !isDone {
            // Another thread was faster; this entry serves once.
            for series in new.series { series.holders.wrappingSubtract(1, ordering: .relaxed) }
            reference.release()
        }
        return new.series
    }

    private static func entry(_ bits: UInt) -> Unmanaged<Entry>? {
        bits == 0 ? nil : Unmanaged.fromOpaque(UnsafeRawPointer(bitPattern: bits)!)
    }
}
