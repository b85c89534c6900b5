import OTLPWire

extension OTLPEncoder {
    /// `AGGREGATION_TEMPORALITY_DELTA`.
    private static let delta: UInt64 = 1

    /// `ExportMetricsServiceRequest`.
    func metrics(_ metrics: [MetricDraft], of service: DemoService) -> [UInt8] {
        var writer = WireWriter(capacity: 2_048)
        let resourceMetrics = writer.open(OTLPFields.MetricsData.resourceMetrics)
        writeResource(service, OTLPFields.ResourceMetrics.resource, to: &writer)
        for group in Self.grouped(metrics, by: \.scope) {
            let scopeMetrics = writer.open(OTLPFields.ResourceMetrics.scopeMetrics)
            Self.write(group.scope, OTLPFields.ScopeMetrics.scope, to: &writer)
            for metric in group.elements {
                let message = writer.open(OTLPFields.ScopeMetrics.metrics)
                writer.string(OTLPFields.Metric.name, metric.name)
                writer.string(OTLPFields.Metric.description, metric.description)
                writer.string(OTLPFields.Metric.unit, metric.unit)
                let histogram = writer.open(OTLPFields.Metric.exponentialHistogram)
                for point in metric.points { Self.write(point, of: metric, to: &writer) }
                writer.varint(OTLPFields.MetricData.aggregationTemporality, Self.delta)
                writer.close(histogram)
                writer.close(message)
            }
            writer.close(scopeMetrics)
        }
        writer.close(resourceMetrics)
        return writer.bytes
    }

    private static func write(_ point: MetricDraft.Point, of metric: MetricDraft, to writer: inout WireWriter) {
        typealias Field = OTLPFields.ExponentialHistogramDataPoint
        let histogram = point.histogram
        let message = writer.open(OTLPFields.MetricData.dataPoints)
        for attribute in point.attributes { write(attribute, Field.attributes, to: &writer) }
        writer.fixed64(Field.startTimeUnixNano, UInt64(metric.start))
        writer.fixed64(Field.timeUnixNano, UInt64(metric.time))
        writer.fixed64(Field.count, UInt64(histogram.count))
        writer.double(Field.sum, histogram.sum)
        writer.zigzag32(Field.scale, Int32(histogram.scale))
        writer.fixed64(Field.zeroCount, UInt64(histogram.zeroCount))
        let positive = writer.open(Field.positive)
        writer.zigzag32(OTLPFields.Buckets.offset, Int32(histogram.offset))
        writer.packedVarint(OTLPFields.Buckets.bucketCounts, histogram.bucketCounts)
        writer.close(positive)
        writer.double(Field.min, histogram.minimum)
        writer.double(Field.max, histogram.maximum)
        writer.close(message)
    }
}
