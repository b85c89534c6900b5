/// Writes an `ExportMetricsServiceRequest`; used like ``OTLPTraceWriter``.
public struct OTLPMetricWriter: Sendable {
    private var request = OTLPRequestWriter()
    /// Metrics added since the writer was made or finished.
    public private(set) var metricCount = 0

    /// An empty writer.
    public init() {}

    /// Bytes written so far; lengths may still add a few.
    public var byteCount: Int { request.writer.count }

    /// Begins the metrics of a resource.
    public mutating func begin(_ resource: OTLPResource) { request.begin(resource) }

    /// Begins the metrics of a scope, in the resource begun last.
    public mutating func begin(_ scope: OTLPScope) { request.begin(scope) }

    /// Adds a metric of the scope begun last.
    public mutating func add(_ metric: OTLPMetric) {
        let message = request.beginRecord()
        Self.write(metric, to: &request.writer)
        request.writer.close(message)
        metricCount += 1
    }

    /// The request's bytes. Afterwards the writer is empty and can be used again.
    public mutating func finish() -> [UInt8] {
        metricCount = 0
        return request.finish()
    }

    /// Writes one metric as a field, `metrics` of `ScopeMetrics`, of a message that is being written elsewhere.
    public static func write(_ metric: OTLPMetric, _ tag: WireTag, to writer: inout WireWriter) {
        let message = writer.open(tag)
        write(metric, to: &writer)
        writer.close(message)
    }

    private static func write(_ metric: OTLPMetric, to writer: inout WireWriter) {
        writer.string(OTLPFields.Metric.name, metric.name)
        if !metric.description.isEmpty { writer.string(OTLPFields.Metric.description, metric.description) }
        if !metric.unit.isEmpty { writer.string(OTLPFields.Metric.unit, metric.unit) }
        switch metric.data {
        case .gauge(let points):
            let message = writer.open(OTLPFields.Metric.gauge)
            for point in points { write(point, to: &writer) }
            writer.close(message)
        case .sum(let points, let temporality, let isMonotonic):
            let message = writer.open(OTLPFields.Metric.sum)
            for point in points { write(point, to: &writer) }
            writer.varint(OTLPFields.MetricData.aggregationTemporality, UInt64(temporality.rawValue))
            if isMonotonic { writer.bool(OTLPFields.MetricData.isMonotonic, true) }
            writer.close(message)
        case .histogram(let points, let temporality):
            let message = writer.open(OTLPFields.Metric.histogram)
            for point in points { write(point, to: &writer) }
            writer.varint(OTLPFields.MetricData.aggregationTemporality, UInt64(temporality.rawValue))
            writer.close(message)
        case .exponentialHistogram(let points, let temporality):
            let message = writer.open(OTLPFields.Metric.exponentialHistogram)
            for point in points { write(point, to: &writer) }
            writer.varint(OTLPFields.MetricData.aggregationTemporality, UInt64(temporality.rawValue))
            writer.close(message)
        }
    }

    private static func write(_ point: OTLPMetric.NumberPoint, to writer: inout WireWriter) {
        typealias Fields = OTLPFields.NumberDataPoint
        let message = writer.open(OTLPFields.MetricData.dataPoints)
        write(point.context, Fields.startTimeUnixNano, Fields.timeUnixNano, Fields.attributes, Fields.exemplars, to: &writer)
        switch point.value {
        case .int(let value): writer.fixed64(Fields.asInt, UInt64(bitPattern: value))
        case .double(let value): writer.double(Fields.asDouble, value)
        }
        writer.close(message)
    }

    private static func write(_ point: OTLPMetric.HistogramPoint, to writer: inout WireWriter) {
        typealias Fields = OTLPFields.HistogramDataPoint
        let message = writer.open(OTLPFields.MetricData.dataPoints)
        write(point.context, Fields.startTimeUnixNano, Fields.timeUnixNano, Fields.attributes, Fields.exemplars, to: &writer)
        writer.fixed64(Fields.count, point.count)
        if let sum = point.sum { writer.double(Fields.sum, sum) }
        if let min = point.min { writer.double(Fields.min, min) }
        if let max = point.max { writer.double(Fields.max, max) }
        writer.packedFixed64(Fields.bucketCounts, point.bucketCounts)
        writer.packedDouble(Fields.explicitBounds, point.explicitBounds)
        writer.close(message)
    }

    private static func write(_ point: OTLPMetric.ExponentialHistogramPoint, to writer: inout WireWriter) {
        typealias Fields = OTLPFields.ExponentialHistogramDataPoint
        let message = writer.open(OTLPFields.MetricData.dataPoints)
        write(point.context, Fields.startTimeUnixNano, Fields.timeUnixNano, Fields.attributes, Fields.exemplars, to: &writer)
        writer.fixed64(Fields.count, point.count)
        if let sum = point.sum { writer.double(Fields.sum, sum) }
        if let min = point.min { writer.double(Fields.min, min) }
        if let max = point.max { writer.double(Fields.max, max) }
        writer.zigzag32(Fields.scale, point.scale)
        writer.fixed64(Fields.zeroCount, point.zeroCount)
        if point.zeroThreshold != 0 { writer.double(Fields.zeroThreshold, point.zeroThreshold) }
        if let positive = point.positive { write(positive, Fields.positive, to: &writer) }
        if let negative = point.negative { write(negative, Fields.negative, to: &writer) }
        writer.close(message)
    }

    private static func write(_ buckets: OTLPMetric.Buckets, _ tag: WireTag, to writer: inout WireWriter) {
        let message = writer.open(tag)
        writer.zigzag32(OTLPFields.Buckets.offset, buckets.offset)
        writer.packedVarint(OTLPFields.Buckets.bucketCounts, buckets.counts)
        writer.close(message)
    }

    /// Writes what all points have, under the field numbers of the point's type.
    private static func write(
        _ context: OTLPMetric.Context,
        _ start: WireTag,
        _ time: WireTag,
        _ attributes: WireTag,
        _ exemplars: WireTag,
        to writer: inout WireWriter
    ) {
        writer.attributes(attributes, context.attributes)
        if context.start != 0 { writer.fixed64(start, context.start) }
        writer.fixed64(time, context.time)
        for exemplar in context.exemplars {
            let message = writer.open(exemplars)
            writer.fixed64(OTLPFields.Exemplar.timeUnixNano, exemplar.time)
            switch exemplar.value {
            case .int(let value): writer.fixed64(OTLPFields.Exemplar.asInt, UInt64(bitPattern: value))
            case .double(let value): writer.double(OTLPFields.Exemplar.asDouble, value)
            }
            if let traceID = exemplar.traceID { writer.identifier(OTLPFields.Exemplar.traceID, high: traceID.high, low: traceID.low) }
            if exemplar.spanID != 0 { writer.identifier(OTLPFields.Exemplar.spanID, exemplar.spanID) }
            writer.attributes(OTLPFields.Exemplar.filteredAttributes, exemplar.filteredAttributes)
            writer.close(message)
        }
    }
}
