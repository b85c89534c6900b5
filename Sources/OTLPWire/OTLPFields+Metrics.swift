extension OTLPFields {
    /// `MetricsData` and `ExportMetricsServiceRequest`.
    public enum MetricsData {
        @inlinable public static var resourceMetrics: WireTag { .bytes(1) }
    }

    /// The metrics of a resource: `ResourceMetrics`.
    public enum ResourceMetrics {
        @inlinable public static var resource: WireTag { .bytes(1) }
        @inlinable public static var scopeMetrics: WireTag { .bytes(2) }
        @inlinable public static var schemaURL: WireTag { .bytes(3) }
    }

    /// The metrics of a scope: `ScopeMetrics`.
    public enum ScopeMetrics {
        @inlinable public static var scope: WireTag { .bytes(1) }
        @inlinable public static var metrics: WireTag { .bytes(2) }
        @inlinable public static var schemaURL: WireTag { .bytes(3) }
    }

    /// A metric; one of the last five fields holds its points: `Metric`.
    public enum Metric {
        @inlinable public static var name: WireTag { .bytes(1) }
        @inlinable public static var description: WireTag { .bytes(2) }
        @inlinable public static var unit: WireTag { .bytes(3) }
        @inlinable public static var gauge: WireTag { .bytes(5) }
        @inlinable public static var sum: WireTag { .bytes(7) }
        @inlinable public static var histogram: WireTag { .bytes(9) }
        @inlinable public static var exponentialHistogram: WireTag { .bytes(10) }
        @inlinable public static var summary: WireTag { .bytes(11) }
    }

    /// `Gauge`, `Sum`, `Histogram`, `ExponentialHistogram` and `Summary`; each uses the first one, two or three fields.
    public enum MetricData {
        @inlinable public static var dataPoints: WireTag { .bytes(1) }
        @inlinable public static var aggregationTemporality: WireTag { .varint(2) }
        @inlinable public static var isMonotonic: WireTag { .varint(3) }
    }

    /// A point of a gauge or sum: `NumberDataPoint`.
    public enum NumberDataPoint {
        @inlinable public static var startTimeUnixNano: WireTag { .fixed64(2) }
        @inlinable public static var timeUnixNano: WireTag { .fixed64(3) }
        @inlinable public static var asDouble: WireTag { .fixed64(4) }
        @inlinable public static var exemplars: WireTag { .bytes(5) }
        @inlinable public static var asInt: WireTag { .fixed64(6) }
        @inlinable public static var attributes: WireTag { .bytes(7) }
        @inlinable public static var flags: WireTag { .varint(8) }
    }

    /// A point with explicit buckets: `HistogramDataPoint`. Arrays may come packed or one by one.
    public enum HistogramDataPoint {
        @inlinable public static var startTimeUnixNano: WireTag { .fixed64(2) }
        @inlinable public static var timeUnixNano: WireTag { .fixed64(3) }
        @inlinable public static var count: WireTag { .fixed64(4) }
        @inlinable public static var sum: WireTag { .fixed64(5) }
        @inlinable public static var bucketCounts: WireTag { .bytes(6) }
        @inlinable public static var bucketCountsUnpacked: WireTag { .fixed64(6) }
        @inlinable public static var explicitBounds: WireTag { .bytes(7) }
        @inlinable public static var explicitBoundsUnpacked: WireTag { .fixed64(7) }
        @inlinable public static var exemplars: WireTag { .bytes(8) }
        @inlinable public static var attributes: WireTag { .bytes(9) }
        @inlinable public static var flags: WireTag { .varint(10) }
        @inlinable public static var min: WireTag { .fixed64(11) }
        @inlinable public static var max: WireTag { .fixed64(12) }
    }

    /// A point with exponential buckets: `ExponentialHistogramDataPoint`.
    public enum ExponentialHistogramDataPoint {
        @inlinable public static var attributes: WireTag { .bytes(1) }
        @inlinable public static var startTimeUnixNano: WireTag { .fixed64(2) }
        @inlinable public static var timeUnixNano: WireTag { .fixed64(3) }
        @inlinable public static var count: WireTag { .fixed64(4) }
        @inlinable public static var sum: WireTag { .fixed64(5) }
        @inlinable public static var scale: WireTag { .varint(6) }
        @inlinable public static var zeroCount: WireTag { .fixed64(7) }
        @inlinable public static var positive: WireTag { .bytes(8) }
        @inlinable public static var negative: WireTag { .bytes(9) }
        @inlinable public static var flags: WireTag { .varint(10) }
        @inlinable public static var exemplars: WireTag { .bytes(11) }
        @inlinable public static var min: WireTag { .fixed64(12) }
        @inlinable public static var max: WireTag { .fixed64(13) }
        @inlinable public static var zeroThreshold: WireTag { .fixed64(14) }
    }

    /// The buckets of one sign: `ExponentialHistogramDataPoint.Buckets`.
    public enum Buckets {
        @inlinable public static var offset: WireTag { .varint(1) }
        @inlinable public static var bucketCounts: WireTag { .bytes(2) }
        @inlinable public static var bucketCountsUnpacked: WireTag { .varint(2) }
    }

    /// A point with quantiles, which old senders make: `SummaryDataPoint`.
    public enum SummaryDataPoint {
        @inlinable public static var startTimeUnixNano: WireTag { .fixed64(2) }
        @inlinable public static var timeUnixNano: WireTag { .fixed64(3) }
        @inlinable public static var count: WireTag { .fixed64(4) }
        @inlinable public static var sum: WireTag { .fixed64(5) }
        @inlinable public static var quantileValues: WireTag { .bytes(6) }
        @inlinable public static var attributes: WireTag { .bytes(7) }
        @inlinable public static var flags: WireTag { .varint(8) }
    }

    /// A quantile, 0 … 1, and its value: `SummaryDataPoint.ValueAtQuantile`.
    public enum ValueAtQuantile {
        @inlinable public static var quantile: WireTag { .fixed64(1) }
        @inlinable public static var value: WireTag { .fixed64(2) }
    }

    /// A measurement behind a point: `Exemplar`.
    public enum Exemplar {
        @inlinable public static var timeUnixNano: WireTag { .fixed64(2) }
        @inlinable public static var asDouble: WireTag { .fixed64(3) }
        @inlinable public static var spanID: WireTag { .bytes(4) }
        @inlinable public static var traceID: WireTag { .bytes(5) }
        @inlinable public static var asInt: WireTag { .fixed64(6) }
        @inlinable public static var filteredAttributes: WireTag { .bytes(7) }
    }
}
