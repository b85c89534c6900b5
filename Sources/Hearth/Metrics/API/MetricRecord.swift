/// Whether a point covers the time since the previous one or since the start.
public enum MetricTemporality: UInt8, Sendable, Hashable {
    case delta = 1
    case cumulative = 2
}

/// A metric as it is exported.
public struct MetricRecord: Sendable, Hashable {
    /// What the points are.
    public enum Kind: Sendable, Hashable {
        case gauge
        case sum(MetricTemporality, isMonotonic: Bool)
        case histogram(MetricTemporality)
        case exponentialHistogram(MetricTemporality)
    }

    public var name: String
    public var unit: String
    public var description: String
    public var scope: InstrumentationScope
    public var kind: Kind
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
    public var value: MetricPointValue
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

public enum MetricPointValue: Sendable, Hashable {
    case int(Int64)
    case double(Double)
    case histogram(HistogramValue)
    case exponentialHistogram(ExponentialHistogramValue)
}

/// Counts of explicit buckets.
public struct HistogramValue: Sendable, Hashable {
    public var count: UInt64
    /// Nil when a value was negative.
    public var sum: Double?
    public var min: Double
    public var max: Double
    /// Upper bounds; the last bucket has none.
    public var bounds: [Double]
    /// One more than bounds.
    public var bucketCounts: [UInt64]
}

/// Counts of exponential buckets: bucket `i` ends at `2^((offset + i + 1) / 2^scale)`.
public struct ExponentialHistogramValue: Sendable, Hashable {
    public struct Buckets: Sendable, Hashable {
        public var offset: Int32
        public var counts: [UInt64]
    }

    public var count: UInt64
    /// Nil when a value was negative.
    public var sum: Double?
    public var min: Double
    public var max: Double
    public var scale: Int32
    public var zeroCount: UInt64
    public var positive: Buckets
    public var negative: Buckets
}

/// One of the measurements that a point was made of.
public struct MetricExemplar: Sendable, Hashable {
    public var value: MeasuredValue
    /// Nanoseconds since the Unix epoch.
    public var time: UInt64
    /// Nil when the measurement was made outside of recorded spans.
    public var traceID: TraceID?
    public var spanID: SpanID?
    /// Attributes that a view leaves out of the point.
    public var attributes: Attributes
}
