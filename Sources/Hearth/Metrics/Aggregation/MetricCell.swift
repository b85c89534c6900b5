import Instrumentation
import Synchronization

/// The running value of one attribute set.
protocol MetricCell: AnyObject, Sendable {
    func record(_ value: MeasuredValue, _ source: ExemplarSource)

    /// The value, nil when there is none to tell.
    ///
    /// - Parameters:
    ///   - isDelta: begins anew afterwards.
    ///   - now: the time of the collection, in nanoseconds since the Unix epoch.
    func collect(isDelta: Bool, now: UInt64) -> CollectedCell?

    /// Begins anew without telling.
    func reset()
}

struct CollectedCell {
    var value: MetricPointValue
    var exemplars: [MetricExemplar] = []
    /// Where the time that a difference covers begins, in nanoseconds since the Unix epoch; nil is the last collection.
    var start: UInt64?
}

/// A sum of integers; wraps around beyond 64 bits.
final class IntegerSumCell: MetricCell {
    private let value = Atomic<Int64>(0)
    private let isTouched = Atomic(false)
    private let exemplars = Mutex(ExemplarReservoir(capacity: 1))

    func record(_ value: MeasuredValue, _ source: ExemplarSource) {
        let amount: Int64 = if case .int(let number) = value { number } else { 0 }
        self.value.wrappingAdd(amount, ordering: .relaxed)
        isTouched.store(true, ordering: .releasing)
        // Who finds another thread here leaves the example to it.
        if source.isWanted { _ = exemplars.withLockIfAvailable { $0.offer(value, source) } }
    }

    func collect(isDelta: Bool, now: UInt64) -> CollectedCell? {
        guard isDelta ? isTouched.exchange(false, ordering: .acquiring) : isTouched.load(ordering: .acquiring) else { return nil }
        let total = isDelta ? value.exchange(0, ordering: .relaxed) : value.load(ordering: .relaxed)
        return CollectedCell(value: .int(total), exemplars: exemplars.withLock { $0.take() })
    }

    func reset() {
        isTouched.store(false, ordering: .relaxed)
        value.store(0, ordering: .relaxed)
        _ = exemplars.withLock { $0.take() }
    }
}

/// A sum of numbers with fractions.
final class DoubleSumCell: MetricCell {
    private let bits = Atomic<UInt64>(0)
    private let isTouched = Atomic(false)
    private let exemplars = Mutex(ExemplarReservoir(capacity: 1))

    func record(_ value: MeasuredValue, _ source: ExemplarSource) {
        let amount = value.double
        var old = bits.load(ordering: .relaxed)
        while true {
            let new = (Double(bitPattern: old) + amount).bitPattern
            let (isDone, current) = bits.weakCompareExchange(expected: old, desired: new, ordering: .relaxed)
            if isDone { break }
            old = current
        }
        isTouched.store(true, ordering: .releasing)
        if source.isWanted { _ = exemplars.withLockIfAvailable { $0.offer(value, source) } }
    }

    func collect(isDelta: Bool, now: UInt64) -> CollectedCell? {
        guard isDelta ? isTouched.exchange(false, ordering: .acquiring) : isTouched.load(ordering: .acquiring) else { return nil }
        let total = isDelta ? bits.exchange(0, ordering: .relaxed) : bits.load(ordering: .relaxed)
        return CollectedCell(value: .double(Double(bitPattern: total)), exemplars: exemplars.withLock { $0.take() })
    }

    func reset() {
        isTouched.store(false, ordering: .relaxed)
        bits.store(0, ordering: .relaxed)
        _ = exemplars.withLock { $0.take() }
    }
}

/// The last value; told at each collection, also when it did not change.
final class LastValueCell: MetricCell {
    private struct State {
        var value: MeasuredValue?
        var exemplars = ExemplarReservoir(capacity: 1)
    }

    private let state = Mutex(State())
    /// Callbacks tell all values anew each time.
    private let forgets: Bool

    init(forgets: Bool) { self.forgets = forgets }

    func record(_ value: MeasuredValue, _ source: ExemplarSource) {
        state.withLock { state in
            state.value = value
            if source.isWanted { state.exemplars.offer(value, source) }
        }
    }

    /// Adds to the value, which is zero at first.
    func adjust(by amount: Double) {
        state.withLock { $0.value = .double(($0.value?.double ?? 0) + amount) }
    }

    func collect(isDelta: Bool, now: UInt64) -> CollectedCell? {
        state.withLock { state in
            guard let value = state.value else { return nil }
            if forgets { state.value = nil }
            return CollectedCell(value: value.pointValue, exemplars: state.exemplars.take())
        }
    }

    func reset() {
        state.withLock { $0 = State() }
    }
}

/// A total that a callback tells; deltas are made by subtraction.
final class ObservedSumCell: MetricCell {
    private struct State {
        var current: MeasuredValue?
        var previous: MeasuredValue?
        /// When ``previous`` was told, in nanoseconds since the Unix epoch: callbacks may leave a set out.
        var previousTime: UInt64?
    }

    private let state = Mutex(State())
    private let isMonotonic: Bool

    init(isMonotonic: Bool) { self.isMonotonic = isMonotonic }

    func record(_ value: MeasuredValue, _ source: ExemplarSource) {
        state.withLock { $0.current = value }
    }

    func collect(isDelta: Bool, now: UInt64) -> CollectedCell? {
        state.withLock { state in
            guard let current = state.current else { return nil }
            state.current = nil
            guard isDelta else { return CollectedCell(value: current.pointValue) }
            let previous = state.previous
            let start = state.previousTime
            state.previous = current
            state.previousTime = now
            guard let previous else { return CollectedCell(value: current.pointValue) }
            // Nothing was added: nothing is told, as with other counters.
            if current == previous { return nil }
            // A total that went back began anew, so all of it is new.
            if isMonotonic, current.double < previous.double { return CollectedCell(value: current.pointValue, start: start) }
            if case .int(let new) = current, case .int(let old) = previous { return CollectedCell(value: .int(new &- old), start: start) }
            return CollectedCell(value: .double(current.double - previous.double), start: start)
        }
    }

    func reset() {
        state.withLock { $0 = State() }
    }
}

extension MeasuredValue {
    var pointValue: MetricPointValue {
        switch self {
        case .int(let value): .int(value)
        case .double(let value): .double(value)
        }
    }
}
