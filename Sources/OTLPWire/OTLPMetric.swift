/// A metric to be written: OTLP `Metric`. Times are nanoseconds since the Unix epoch; a start of zero is unknown.
public struct OTLPMetric: Sendable, Hashable {
    /// Whether a point covers the time since the previous one or since the start, with the wire numbers.
    public enum Temporality: UInt8, Sendable {
        /// Not said, which receivers may refuse.
        case unspecified = 0
        /// Since the previous point.
        case delta = 1
        /// Since the start.
        case cumulative = 2
    }

    /// A number of a point.
    public enum Number: Sendable, Hashable {
        /// Written as `as_int`.
        case int(Int64)
        /// Written as `as_double`.
        case double(Double)
    }

    /// A measurement that a point was made of.
    public struct Exemplar: Sendable, Hashable {
        /// When it was measured.
        public var time: UInt64
        /// What was measured.
        public var value: Number
        /// The trace it was measured in; nil outside of any.
        public var traceID: OTLPTraceID?
        /// Zero when the measurement was made outside of any span.
        public var spanID: UInt64
        /// Attributes of the measurement that the point does not have.
        public var filteredAttributes: [OTLPAttribute]

        /// A measurement; outside of any span by default.
        public init(
            time: UInt64,
            value: Number,
            traceID: OTLPTraceID? = nil,
            spanID: UInt64 = 0,
            filteredAttributes: [OTLPAttribute] = []
        ) {
            self.time = time
            self.value = value
            self.traceID = traceID
            self.spanID = spanID
            self.filteredAttributes = filteredAttributes
        }
    }

    /// What all points have.
    public struct Context: Sendable, Hashable {
        /// Where the time that the point covers begins; zero when unknown.
        public var start: UInt64
        /// Where the time that the point covers ends.
        public var time: UInt64
        /// What tells the point from others of the metric.
        public var attributes: [OTLPAttribute]
        /// Measurements behind the point.
        public var exemplars: [Exemplar]

        /// What a point has besides its value.
        public init(start: UInt64 = 0, time: UInt64, attributes: [OTLPAttribute] = [], exemplars: [Exemplar] = []) {
            self.start = start
            self.time = time
            self.attributes = attributes
            self.exemplars = exemplars
        }
    }

    /// A point of a gauge or sum.
    public struct NumberPoint: Sendable, Hashable {
        /// Time, attributes and exemplars.
        public var context: Context
        /// The number.
        public var value: Number

        /// A point of a gauge or sum.
        public init(_ context: Context, value: Number) {
            self.context = context
            self.value = value
        }
    }

    /// A point of a histogram: `bucketCounts` has one element more than `explicitBounds`, or both are empty.
    public struct HistogramPoint: Sendable, Hashable {
        /// Time, attributes and exemplars.
        public var context: Context
        /// Number of values.
        public var count: UInt64
        /// Sum of the values; nil when it is unknown or a value was negative.
        public var sum: Double?
        /// The smallest value; nil when unknown.
        public var min: Double?
        /// The largest value; nil when unknown.
        public var max: Double?
        /// Values in each bucket; the last has no upper bound.
        public var bucketCounts: [UInt64]
        /// Upper bounds of the buckets, rising, each part of its bucket.
        public var explicitBounds: [Double]

        /// A point of a histogram; without buckets it has only count, sum, min and max.
        public init(
            _ context: Context,
            count: UInt64,
            sum: Double?,
            min: Double? = nil,
            max: Double? = nil,
            bucketCounts: [UInt64] = [],
            explicitBounds: [Double] = []
        ) {
            self.context = context
            self.count = count
            self.sum = sum
            self.min = min
            self.max = max
            self.bucketCounts = bucketCounts
            self.explicitBounds = explicitBounds
        }
    }

    /// The buckets of one sign of an exponential histogram; bucket `i` ends at `2^((offset + i + 1) / 2^scale)`.
    public struct Buckets: Sendable, Hashable {
        /// Index of the first bucket.
        public var offset: Int32
        /// Values in each bucket, without gaps.
        public var counts: [UInt64]

        /// Buckets from the index `offset` on.
        public init(offset: Int32, counts: [UInt64]) {
            self.offset = offset
            self.counts = counts
        }
    }

    /// A point of an exponential histogram.
    public struct ExponentialHistogramPoint: Sendable, Hashable {
        /// Time, attributes and exemplars.
        public var context: Context
        /// Number of values, zeros included.
        public var count: UInt64
        /// Sum of the values; nil when it is unknown or a value was negative.
        public var sum: Double?
        /// The smallest value; nil when unknown.
        public var min: Double?
        /// The largest value; nil when unknown.
        public var max: Double?
        /// The resolution: buckets grow by the factor 2^(2^-scale).
        public var scale: Int32
        /// Values not farther from zero than the threshold.
        public var zeroCount: UInt64
        /// What counts as zero, ≥ 0.
        public var zeroThreshold: Double
        /// Values above the threshold; nil when there are none.
        public var positive: Buckets?
        /// Values below the negative threshold, by their magnitude; nil when there are none.
        public var negative: Buckets?

        /// A point of an exponential histogram.
        public init(
            _ context: Context,
            count: UInt64,
            sum: Double?,
            min: Double? = nil,
            max: Double? = nil,
            scale: Int32,
            zeroCount: UInt64 = 0,
            zeroThreshold: Double = 0,
            positive: Buckets? = nil,
            negative: Buckets? = nil
        ) {
            self.context = context
            self.count = count
            self.sum = sum
            self.min = min
            self.max = max
            self.scale = scale
            self.zeroCount = zeroCount
            self.zeroThreshold = zeroThreshold
            self.positive = positive
            self.negative = negative
        }
    }

    /// The points, by the kind of the metric.
    public enum Data: Sendable, Hashable {
        /// Present values.
        case gauge([NumberPoint])
        /// Sums; monotonic when amounts are never negative.
        case sum([NumberPoint], Temporality, isMonotonic: Bool)
        /// Counts of explicit buckets.
        case histogram([HistogramPoint], Temporality)
        /// Counts of exponential buckets.
        case exponentialHistogram([ExponentialHistogramPoint], Temporality)
    }

    /// The metric's name.
    public var name: String
    /// Written only when not empty.
    public var description: String
    /// UCUM unit, for example `s` or `{token}`; written only when not empty.
    public var unit: String
    /// The points.
    public var data: Data

    /// A metric with its points.
    public init(name: String, unit: String = "", description: String = "", data: Data) {
        self.name = name
        self.unit = unit
        self.description = description
        self.data = data
    }
}
