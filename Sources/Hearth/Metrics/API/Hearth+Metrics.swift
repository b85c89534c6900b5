extension Hearth {
    /// Makes a counter, or returns the one made before with the same arguments.
    ///
    /// ```swift
    /// let toolCalls = Hearth.counter("agent.tool_calls", description: "Number of tool invocations by the agent")
    /// toolCalls.add(1, ["tool": "search"])
    /// ```
    /// Instruments are made once, at any time: before `configure` they do nothing.
    /// - Parameters:
    ///   - name: letters, digits, `_`, `.`, `-` and `/`, beginning with a letter; at most 255.
    ///   - type: `Int`, `Int64` or `Double`.
    ///   - unit: a UCUM unit, for example `s`, `By` or `{token}`.
    ///   - description: what is measured, in words.
    ///   - scope: who measures.
    public static func counter<Value: MetricValue>(
        _ name: String,
        of type: Value.Type = Int.self,
        unit: String = "",
        description: String = "",
        scope: InstrumentationScope = .hearth
    ) -> Counter<Value> {
        Counter(target: target(.counter, name, type, unit, description, scope))
    }

    /// Makes a sum that grows and shrinks; see ``counter(_:of:unit:description:scope:)``.
    public static func upDownCounter<Value: MetricValue>(
        _ name: String,
        of type: Value.Type = Int.self,
        unit: String = "",
        description: String = "",
        scope: InstrumentationScope = .hearth
    ) -> UpDownCounter<Value> {
        UpDownCounter(target: target(.upDownCounter, name, type, unit, description, scope))
    }

    /// Makes a histogram; see ``counter(_:of:unit:description:scope:)``.
    ///
    /// - Parameters:
    ///   - name: letters, digits, `_`, `.`, `-` and `/`, beginning with a letter; at most 255.
    ///   - type: `Int`, `Int64` or `Double`.
    ///   - unit: a UCUM unit, for example `s`, `By` or `{token}`.
    ///   - description: what is measured, in words.
    ///   - boundaries: upper bounds of the buckets where explicit buckets are chosen, finite and each above the one before; nil, and bounds
    ///     that are not so, which is told, take OpenTelemetry's.
    ///   - scope: who measures.
    public static func histogram<Value: MetricValue>(
        _ name: String,
        of type: Value.Type = Double.self,
        unit: String = "",
        description: String = "",
        boundaries: [Double]? = nil,
        scope: InstrumentationScope = .hearth
    ) -> Histogram<Value> {
        Histogram(target: target(.histogram, name, type, unit, description, scope, boundaries: boundaries))
    }

    /// Makes a gauge; see ``counter(_:of:unit:description:scope:)``.
    public static func gauge<Value: MetricValue>(
        _ name: String,
        of type: Value.Type = Double.self,
        unit: String = "",
        description: String = "",
        scope: InstrumentationScope = .hearth
    ) -> Gauge<Value> {
        Gauge(target: target(.gauge, name, type, unit, description, scope))
    }

    // MARK: Callbacks

    /// Makes a counter whose total is asked for at each collection.
    ///
    /// ```swift
    /// Hearth.observableCounter("cache.hits") { $0.observe(cache.hits) }
    /// ```
    /// - Parameters:
    ///   - name: letters, digits, `_`, `.`, `-` and `/`, beginning with a letter; at most 255.
    ///   - unit: a UCUM unit, for example `s`, `By` or `{token}`.
    ///   - description: what is measured, in words.
    ///   - scope: who measures.
    ///   - callback: called on the SDK's metrics thread, which it must not block for long. Reports totals since the start of the program,
    ///     never negative; a smaller one than before counts as a new start.
    @discardableResult
    public static func observableCounter(
        _ name: String,
        unit: String = "",
        description: String = "",
        scope: InstrumentationScope = .hearth,
        _ callback: @escaping @Sendable (Observer<Int>) -> Void
    ) -> ObservableInstrument {
        observable(.observableCounter, name, Int.self, unit, description, scope, callback)
    }

    /// The same for another type of numbers.
    @discardableResult
    public static func observableCounter<Value: MetricValue>(
        _ name: String,
        of type: Value.Type,
        unit: String = "",
        description: String = "",
        scope: InstrumentationScope = .hearth,
        _ callback: @escaping @Sendable (Observer<Value>) -> Void
    ) -> ObservableInstrument {
        observable(.observableCounter, name, type, unit, description, scope, callback)
    }

    /// Makes a sum that grows and shrinks, asked for at each collection; see ``observableCounter(_:unit:description:scope:_:)``.
    @discardableResult
    public static func observableUpDownCounter(
        _ name: String,
        unit: String = "",
        description: String = "",
        scope: InstrumentationScope = .hearth,
        _ callback: @escaping @Sendable (Observer<Int>) -> Void
    ) -> ObservableInstrument {
        observable(.observableUpDownCounter, name, Int.self, unit, description, scope, callback)
    }

    /// The same for another type of numbers.
    @discardableResult
    public static func observableUpDownCounter<Value: MetricValue>(
        _ name: String,
        of type: Value.Type,
        unit: String = "",
        description: String = "",
        scope: InstrumentationScope = .hearth,
        _ callback: @escaping @Sendable (Observer<Value>) -> Void
    ) -> ObservableInstrument {
        observable(.observableUpDownCounter, name, type, unit, description, scope, callback)
    }

    /// Makes a gauge whose value is asked for at each collection; see ``observableCounter(_:unit:description:scope:_:)``.
    @discardableResult
    public static func observableGauge(
        _ name: String,
        unit: String = "",
        description: String = "",
        scope: InstrumentationScope = .hearth,
        _ callback: @escaping @Sendable (Observer<Double>) -> Void
    ) -> ObservableInstrument {
        observable(.observableGauge, name, Double.self, unit, description, scope, callback)
    }

    /// The same for another type of numbers.
    @discardableResult
    public static func observableGauge<Value: MetricValue>(
        _ name: String,
        of type: Value.Type,
        unit: String = "",
        description: String = "",
        scope: InstrumentationScope = .hearth,
        _ callback: @escaping @Sendable (Observer<Value>) -> Void
    ) -> ObservableInstrument {
        observable(.observableGauge, name, type, unit, description, scope, callback)
    }

    private static func target<Value: MetricValue>(
        _ kind: InstrumentKind,
        _ name: String,
        _ type: Value.Type,
        _ unit: String,
        _ description: String,
        _ scope: InstrumentationScope,
        boundaries: [Double]? = nil
    ) -> MetricTarget {
        let identity = InstrumentIdentity(
            name: name, kind: kind, unit: unit, description: description, isFloatingPoint: type == Double.self, scope: scope)
        return MetricTarget(instrument: InstrumentRegistry.instrument(identity, boundaries: boundaries), binding: nil)
    }

    private static func observable<Value: MetricValue>(
        _ kind: InstrumentKind,
        _ name: String,
        _ type: Value.Type,
        _ unit: String,
        _ description: String,
        _ scope: InstrumentationScope,
        _ callback: @escaping @Sendable (Observer<Value>) -> Void
    ) -> ObservableInstrument {
        let instrument = target(kind, name, type, unit, description, scope).instrument
        let number = instrument.addCallback { callback(Observer(storage: $0)) }
        return ObservableInstrument(instrument: instrument, number: number)
    }
}
