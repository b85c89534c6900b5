extension Hearth {
    /// A sum that only grows: calls, bytes, tokens.
    ///
    /// Safe and cheap on any thread. Negative, infinite and undefined amounts are ignored and told once per minute.
    public struct Counter<Value: MetricValue>: Sendable {
        @usableFromInline let target: MetricTarget

        init(target: MetricTarget) { self.target = target }

        /// Adds to the sum of an attribute set.
        ///
        /// - Parameters:
        ///   - amount: what is added, in the unit of the instrument.
        ///   - attributes: evaluated only while metrics are recorded.
        @inlinable
        public func add(_ amount: Value, _ attributes: @autoclosure () -> Attributes = [:]) {
            target.record(amount.measured, attributes)
        }

        /// The counter with attributes that are looked up once: adding to it then allocates nothing and takes no lock.
        public func with(_ attributes: Attributes) -> Counter { Counter(target: target.bound(to: attributes)) }
    }

    /// A sum that grows and shrinks: open connections, items in a queue.
    public struct UpDownCounter<Value: MetricValue>: Sendable {
        @usableFromInline let target: MetricTarget

        init(target: MetricTarget) { self.target = target }

        /// Adds to the sum of an attribute set; negative amounts are taken off.
        ///
        /// - Parameters:
        ///   - amount: what is added, in the unit of the instrument.
        ///   - attributes: evaluated only while metrics are recorded.
        @inlinable
        public func add(_ amount: Value, _ attributes: @autoclosure () -> Attributes = [:]) {
            target.record(amount.measured, attributes)
        }

        /// The counter with attributes that are looked up once.
        public func with(_ attributes: Attributes) -> UpDownCounter { UpDownCounter(target: target.bound(to: attributes)) }
    }

    /// The distribution of a number: durations, sizes.
    ///
    /// Negative numbers are taken; points that hold one have no sum, as OTLP asks for.
    public struct Histogram<Value: MetricValue>: Sendable {
        @usableFromInline let target: MetricTarget

        init(target: MetricTarget) { self.target = target }

        /// Records one number.
        ///
        /// - Parameters:
        ///   - value: the number, in the unit of the instrument.
        ///   - attributes: evaluated only while metrics are recorded.
        @inlinable
        public func record(_ value: Value, _ attributes: @autoclosure () -> Attributes = [:]) {
            target.record(value.measured, attributes)
        }

        /// The histogram with attributes that are looked up once.
        public func with(_ attributes: Attributes) -> Histogram { Histogram(target: target.bound(to: attributes)) }
    }

    /// The last value of a number: temperatures, fill levels.
    public struct Gauge<Value: MetricValue>: Sendable {
        @usableFromInline let target: MetricTarget

        init(target: MetricTarget) { self.target = target }

        /// Sets the value of an attribute set.
        ///
        /// - Parameters:
        ///   - value: the number, in the unit of the instrument.
        ///   - attributes: evaluated only while metrics are recorded.
        @inlinable
        public func set(_ value: Value, _ attributes: @autoclosure () -> Attributes = [:]) {
            target.record(value.measured, attributes)
        }

        /// The gauge with attributes that are looked up once.
        public func with(_ attributes: Attributes) -> Gauge { Gauge(target: target.bound(to: attributes)) }
    }

    /// An instrument whose callback is asked at each collection; lives until it is cancelled.
    public struct ObservableInstrument: Sendable {
        let instrument: Instrument
        let number: Int

        /// Ends the calls of the callback. One that is under way comes to its end.
        public func cancel() { instrument.removeCallback(number) }
    }

    /// What the callback of an observable instrument reports to.
    public struct Observer<Value: MetricValue>: Sendable {
        let storage: InstrumentStorage

        /// Reports the value of an attribute set; the last one of a collection counts.
        public func observe(_ value: Value, _ attributes: Attributes = [:]) {
            storage.observe(value.measured, attributes.elements)
        }
    }
}

extension Hearth.Histogram where Value == Double {
    /// Runs a closure and records how long it took, in the instrument's unit: `s`, `ms`, `us` or `ns`; seconds for any other.
    public func time<Result, Failure: Error>(
        _ attributes: @autoclosure () -> Attributes = [:],
        _ operation: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard target.isActive else { return try operation() }
        let start = ContinuousClock.now
        defer { record(time(since: start), attributes()) }
        return try operation()
    }

    /// Runs an asynchronous closure and records how long it took; see the synchronous form.
    nonisolated(nonsending) public func time<Result, Failure: Error>(
        _ attributes: @autoclosure () -> Attributes = [:],
        _ operation: nonisolated(nonsending) () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        guard target.isActive else { return try await operation() }
        let start = ContinuousClock.now
        defer { record(time(since: start), attributes()) }
        return try await operation()
    }

    /// In the unit of the instrument.
    private func time(since start: ContinuousClock.Instant) -> Double { (.now - start) / target.instrument.unitDuration }
}
