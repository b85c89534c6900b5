/// A metric to be written: OTLP `Metric`. Times are nanoseconds since the Unix epoch; a start of zero is unknown.
public struct OTLPMetric: Sendable, Hashable {
    /// Whether a point covers the time since the previous one or since the start, with the wire numbers.
    public enum Temporality: UInt8, Sendable {
        case unspecified = 0
        case delta = 1
        case cumulative = 2
    }

    public enum Number: Sendable, Hashable {
        case int(Int64)
        case double(Double)
    }

    /// A measurement that a point was made of.
    public struct Exemplar: Sendable, Hashable {
        public var time: UInt64
        public var value: Number
        public var traceID: OTLPTraceID?
        /// Zero when the measurement was made outside of any span.
        public var spanID: UInt64
        public var filteredAttributes: [OTLPAttribute]

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
        public var start: UInt64
        public var time: UInt64
        public var attributes: [OTLPAttribute]
        public var exemplars: [Exemplar]

        public init(start: UInt64 = 0, time: UInt64, attributes: [OTLPAttribute] = [], exemplars: [Exemplar] = []) {
            self.start = start
            self.time = time
            self.attributes = attributes
            self.exemplars = exemplars
        }
    }

    /// A point of a gauge or sum.
    public struct NumberPoint: Sendable, Hashable {
        public var context: Context
        public var value: Number

        public init(_ context: Context, value: Number) {
            self.context = context
            self.value = value
        }
    }

    /// A point of a histogram: `bucketCounts` has one element more than `explicitBounds`, or both are empty.
    public struct HistogramPoint: Sendable, Hashable {
        public var context: Context
        public var count: UInt64
        public var sum: Double?
        public var min: Double?
        public var max: Double?
        public var bucketCounts: [UInt64]
        public var explicitBounds: [Double]

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
        public var offset: Int32
        public var counts: [UInt64]

        public init(offset: Int32, counts: [UInt64]) {
            self.offset = offset
            self.counts = counts
        }
    }

    /// A point of an exponential histogram.
    public struct ExponentialHistogramPoint: Sendable, Hashable {
        public var context: Context
        public var count: UInt64
        public var sum: Double?
        public var min: Double?
        public var max: Double?
        public var scale: Int32
        public var zeroCount: UInt64
        public var zeroThreshold: Double
        public var positive: Buckets?
        public var negative: Buckets?

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

    public enum Data: Sendable, Hashable {
        case gauge([NumberPoint])
        case sum([NumberPoint], Temporality, isMonotonic: Bool)
        case histogram([HistogramPoint], Temporality)
        case exponentialHistogram([ExponentialHistogramPoint], Temporality)
    }

    public var name: String
    /// Written only when not empty.
    public var description: String
    /// UCUM unit, for example `s` or `{token}`; written only when not empty.
    public var unit: String
    public var data: Data

    public init(name: String, unit: String = "", description: String = "", data: Data) {
        self.name = name
        self.unit = unit
        self.description = description
        self.data = data
    }
}
