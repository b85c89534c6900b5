import OTLPWire
import TelemetryModel

/// Decodes `ExportMetricsServiceRequest`.
enum ProtobufMetrics {
    static func decode(_ bytes: Span<UInt8>, into builder: inout MetricBuilder) throws(WireError) {
        var reader = WireReader(bytes)
        while let tag = try reader.next(bytes) {
            if tag == OTLPFields.MetricsData.resourceMetrics {
                try resourceMetrics(bytes, try reader.range(bytes), &builder)
            } else {
                try reader.skip(tag, bytes)
            }
        }
    }

    private static func resourceMetrics(_ bytes: Span<UInt8>, _ range: Range<Int>, _ builder: inout MetricBuilder) throws(WireError) {
        try ProtobufContext.resource(bytes, range, builder.limits, &builder.text, &builder.detail)
        builder.setResource(source: bytes)
        var reader = WireReader(bytes, in: range)
        while let tag = try reader.next(bytes) {
            if tag == OTLPFields.ResourceMetrics.scopeMetrics {
                try scopeMetrics(bytes, try reader.range(bytes), &builder)
            } else {
                try reader.skip(tag, bytes)
            }
        }
    }

    private static func scopeMetrics(_ bytes: Span<UInt8>, _ range: Range<Int>, _ builder: inout MetricBuilder) throws(WireError) {
        let (name, version) = try ProtobufContext.scope(bytes, range, builder.limits, &builder.text, &builder.detail)
        builder.setScope(name: name, version: version, source: bytes)
        var reader = WireReader(bytes, in: range)
        while let tag = try reader.next(bytes) {
            if tag == OTLPFields.ScopeMetrics.metrics {
                try metric(bytes, try reader.range(bytes), &builder)
            } else {
                try reader.skip(tag, bytes)
            }
        }
    }

    // MARK: Metric

    /// Reads name and type first, because they may stand behind the points, then the points.
    private static func metric(_ bytes: Span<UInt8>, _ range: Range<Int>, _ builder: inout MetricBuilder) throws(WireError) {
        var info = MetricInfo(name: "", unit: "", description: "", type: .gauge, temporality: .unspecified, isMonotonic: nil)
        var data: WireTag?
        // Data that another type's data follows does not count; data of one type that follows each other is merged.
        var dataStart = range.lowerBound
        var reader = WireReader(bytes, in: range)
        while let tag = try reader.next(bytes) {
            switch tag {
            case OTLPFields.Metric.name: info.name = string(bytes, try reader.range(bytes))
            case OTLPFields.Metric.description: info.description = string(bytes, try reader.range(bytes))
            case OTLPFields.Metric.unit: info.unit = string(bytes, try reader.range(bytes))
            case OTLPFields.Metric.gauge, OTLPFields.Metric.sum, OTLPFields.Metric.histogram, OTLPFields.Metric.exponentialHistogram,
                OTLPFields.Metric.summary:
                let content = try reader.range(bytes)
                if tag != data {
                    data = tag
                    dataStart = content.lowerBound
                    info.temporality = .unspecified
                    info.isMonotonic = nil
                }
                try properties(bytes, content, tag, &info)
            default: try reader.skip(tag, bytes)
            }
        }
        guard let data else { return }
        builder.setMetric(info)
        reader = WireReader(bytes, in: range)
        while let tag = try reader.next(bytes) {
            guard tag == data else {
                try reader.skip(tag, bytes)
                continue
            }
            let content = try reader.range(bytes)
            if content.lowerBound >= dataStart { try points(bytes, content, info.type, &builder) }
        }
    }

    private static func string(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
        UTF8Text.repaired(bytes, range)
    }

    /// Reads what stands beside the points: temporality and monotonicity.
    private static func properties(
        _ bytes: Span<UInt8>,
        _ range: Range<Int>,
        _ data: WireTag,
        _ info: inout MetricInfo
    ) throws(WireError) {
        switch data {
        case OTLPFields.Metric.gauge: info.type = .gauge
        case OTLPFields.Metric.sum: info.type = .sum
        case OTLPFields.Metric.histogram: info.type = .histogram
        case OTLPFields.Metric.exponentialHistogram: info.type = .exponentialHistogram
        default: info.type = .summary
        }
        let hasTemporality = info.type != .gauge && info.type != .summary
        if info.type == .sum, info.isMonotonic == nil { info.isMonotonic = false }
        var reader = WireReader(bytes, in: range)
        while let tag = try reader.next(bytes) {
            switch tag {
            case OTLPFields.MetricData.aggregationTemporality where hasTemporality:
                info.temporality = MetricInfo.temporality(try ProtobufTraces.enumeration(&reader, bytes))
            case OTLPFields.MetricData.isMonotonic where info.type == .sum:
                info.isMonotonic = try reader.varint(bytes) != 0
            default:
                try reader.skip(tag, bytes)
            }
        }
    }

    private static func points(
        _ bytes: Span<UInt8>,
        _ range: Range<Int>,
        _ type: MetricType,
        _ builder: inout MetricBuilder
    ) throws(WireError) {
        var reader = WireReader(bytes, in: range)
        while let tag = try reader.next(bytes) {
            guard tag == OTLPFields.MetricData.dataPoints else {
                try reader.skip(tag, bytes)
                continue
            }
            let content = try reader.range(bytes)
            builder.beginPoint()
            switch type {
            case .gauge, .sum: try ProtobufMetricPoints.number(bytes, content, &builder)
            case .histogram: try ProtobufMetricPoints.histogram(bytes, content, &builder)
            case .exponentialHistogram: try ProtobufMetricPoints.exponentialHistogram(bytes, content, &builder)
            case .summary: try ProtobufMetricPoints.summary(bytes, content, &builder)
            }
            if builder.isOverLimit { throw WireError(.limitExceeded, at: reader.offset) }
        }
    }
}

extension MetricInfo {
    /// The temporality with this wire number; unknown numbers are unspecified.
    static func temporality(_ number: UInt64) -> AggregationTemporality {
        UInt8(exactly: number).flatMap(AggregationTemporality.init) ?? .unspecified
    }
}
