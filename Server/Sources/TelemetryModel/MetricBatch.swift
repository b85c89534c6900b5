/// OTLP metric data types; the raw value is the `metric_type` column.
public enum MetricType: String, Sendable {
    case gauge, sum, histogram
    case exponentialHistogram = "exponential_histogram"
    case summary
}

/// OTLP aggregation temporality with its wire numbers.
public enum AggregationTemporality: UInt8, Sendable {
    case unspecified = 0
    case delta = 1
    case cumulative = 2
}

/// Name, unit, description and kind of a metric; few per request.
public struct MetricInfo: Sendable {
    public var name: String
    public var unit: String
    public var description: String
    public var type: MetricType
    public var temporality: AggregationTemporality
    /// nil where the type has no such property.
    public var isMonotonic: Bool?

    public init(name: String, unit: String, description: String, type: MetricType, temporality: AggregationTemporality, isMonotonic: Bool?)
    {
        self.name = name
        self.unit = unit
        self.description = description
        self.type = type
        self.temporality = temporality
        self.isMonotonic = isMonotonic
    }
}

/// One metric data point: a row of `metrics` (`logfire-contract.md` §4.2). Bucket arrays are ranges of the batch's shared arrays.
public struct MetricPoint: Sendable {
    /// Identity of the row (`acceptance.md` A4), never zero.
    public var id: UInt64 = 0
    public var resource: UInt32 = 0
    public var scope: UInt32 = 0
    public var metric: UInt32 = 0
    /// Nanoseconds since the Unix epoch; start is 0 when the sender gave none.
    public var startNanoseconds: Int64 = 0
    public var timeNanoseconds: Int64 = 0
    public var attributesJSON: TextRef = .null
    /// JSON array of exemplars, NULL when there are none.
    public var exemplarsJSON: TextRef = .null
    public var scalarValue: Double?
    public var count: UInt64?
    public var sum: Double?
    public var min: Double?
    public var max: Double?
    public var scale: Int32?
    public var zeroCount: UInt64?
    public var zeroThreshold: Double?
    public var positiveOffset: Int32?
    public var negativeOffset: Int32?
    /// Ranges of ``MetricBatch/counts``.
    public var bucketCounts: Range<Int> = 0..<0
    public var positiveBucketCounts: Range<Int> = 0..<0
    public var negativeBucketCounts: Range<Int> = 0..<0
    /// Range of ``MetricBatch/bounds``.
    public var explicitBounds: Range<Int> = 0..<0
    /// JSON array of `{quantile, value}` of a summary, NULL otherwise.
    public var quantilesJSON: TextRef = .null

    public init() {}
}

/// The metric data points of one request.
public struct MetricBatch: Sendable {
    public var text: TextStore
    public var resources: [ResourceInfo] = []
    public var scopes: [ScopeInfo] = []
    public var metrics: [MetricInfo] = []
    public var points: [MetricPoint] = []
    public var counts: [UInt64] = []
    public var bounds: [Double] = []
    public var rejected = Rejections()

    public init(source: [UInt8] = []) {
        text = TextStore(source: source)
    }
}
