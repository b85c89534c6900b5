/// Whether a point covers the time since the previous one or since the start.
public enum MetricTemporality: UInt8, Sendable, Hashable {
    /// A point covers the time since the previous one.
    case delta = 1
    /// A point covers the time since the start.
    case cumulative = 2
}

/// A metric as it is exported.
public struct MetricRecord: Sendable, Hashable {
    /// What the points are.
    public enum Kind: Sendable, Hashable {
        /// The last value of something that goes up and down.
        case gauge
        /// What was added up; monotonic when amounts are never negative.
        case sum(MetricTemporality, isMonotonic: Bool)
        /// How often values fell into buckets with given bounds.
        case histogram(MetricTemporality)
        /// How often values fell into buckets that fit themselves to the values.
        case exponentialHistogram(MetricTemporality)
    }

    /// The name, of the instrument or its view.
    public var name: String
    /// The UCUM unit, such as `s` or `{token}`; empty when none was given.
    public var unit: String
    /// What is measured, in words; empty when none were given.
    public var description: String
    /// Who made the instrument.
    public var scope: InstrumentationScope
    /// What the points are.
    public var kind: Kind
    /// One point for each attribute set with measurements.
    public var points: [MetricPoint]

    /// The point of an attribute set.
    public subscript(attributes: Attributes) -> MetricPoint? {
        let wanted = MetricAttributes.canonical(attributes.elements, keeping: nil)
        return points.first { $0.attributes.elements == wanted }
    }
}

/// The value of a metric for one attribute set.
public struct MetricPoint: Sendable, Hashable {
    /// In the order of their names.
    public var attributes: Attributes
    /// Nanoseconds since the Unix epoch; zero for gauges.
    public var start: UInt64
    /// Nanoseconds since the Unix epoch, never before the start.
    public var time: UInt64
    /// The number, or the counts of a histogram.
    public var value: MetricPointValue
    /// Some of the measurements behind the point; see ``MetricsOptions/exemplars``.
    public var exemplars: [MetricExemplar]

    /// The number of a gauge or sum, the sum of a histogram; nil for histograms without sum.
    public var number: Double? {
        switch value {
        case .int(let value): Double(value)
        case .double(let value): value
        case .histogram(let value): value.sum
        case .exponentialHistogram(let value): value.sum
        }
    }

    /// How many values a histogram has; nil for gauges and sums.
    public var count: UInt64? {
        switch value {
        case .int, .double: nil
        case .histogram(let value): value.count
        case .exponentialHistogram(let value): value.count
        }
    }
}

/// What a point holds, by the kind of its metric.
public enum MetricPointValue: Sendable, Hashable {
    /// The integer of a gauge or sum.
    case int(Int64)
    /// The floating-point number of a gauge or sum.
    case double(Double)
    /// Counts of explicit buckets.
    case histogram(HistogramValue)
    /// Counts of exponential buckets.
    case exponentialHistogram(ExponentialHistogramValue)
}

/// Counts of explicit buckets.
public struct HistogramValue: Sendable, Hashable {
    /// Number of values.
    public var count: UInt64
    /// Nil when a value was negative.
    public var sum: Double?
    /// The smallest value.
    public var min: Double
    /// The largest value.
    public var max: Double
    /// Upper bounds; the last bucket has none.
    public var bounds: [Double]
    /// One more than bounds.
    public var bucketCounts: [UInt64]
}

/// Counts of exponential buckets: bucket `i` ends at `2^((offset + i + 1) / 2^scale)`.
public struct ExponentialHistogramValue: Sendable, Hashable {
    /// The buckets of one sign.
    public struct Buckets: Sendable, Hashable {
        /// Index of the first bucket.
        public var offset: Int32
        /// Values in each bucket, without gaps, from the index ``offset`` on.
        public var counts: [UInt64]
    }

    /// Number of values, zeros included.
    public var count: UInt64
    /// Nil when a value was negative.
    public var sum: Double?
    /// The smallest value.
    public var min: Double
    /// The largest value.
    public var max: Double
    /// The resolution, -10 … 20: buckets grow by the factor 2^(2^-scale).
    public var scale: Int32
    /// Number of values that are zero.
    public var zeroCount: UInt64
    /// Values above zero.
    public var positive: Buckets
    /// Values below zero, by their magnitude.
    public var negative: Buckets
}

/// One of the measurements that a point was made of.
public struct MetricExemplar: Sendable, Hashable {
    /// The number that was measured.
    public var value: MeasuredValue
    /// Nanoseconds since the Unix epoch.
    public var time: UInt64
    /// Nil when the measurement was made outside of recorded spans.
    public var traceID: TraceID?
    /// The span the measurement was made in; nil outside of recorded spans.
    public var spanID: SpanID?
    /// Attributes that a view leaves out of the point.
    public var attributes: Attributes
}
