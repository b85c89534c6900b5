import Foundation
import TelemetryModel
import Testing

/// A row of `metrics` with all references resolved, made from a batch or from swift-protobuf's types in the plainest way.
struct ReferencePoint: Equatable {
    typealias Request = Opentelemetry_Proto_Collector_Metrics_V1_ExportMetricsServiceRequest

    var context = ReferenceRow()
    var name: [UInt8] = []
    var unit: [UInt8] = []
    var description: [UInt8] = []
    var type = MetricType.gauge
    var temporality: UInt8 = 0
    var isMonotonic: Bool?
    var start: Int64 = 0
    var time: Int64 = 0
    var attributes = JSON.object([:])
    var exemplars: JSON?
    var quantiles: JSON?
    /// Bit patterns of doubles, so that NaN equals itself.
    var doubles: [String: UInt64] = [:]
    var integers: [String: Int64] = [:]
    var counts: [String: [UInt64]] = [:]
    var bounds: [UInt64] = []

    func differences(_ other: ReferencePoint) -> String {
        var lines: [String] = []
        for (mine, theirs) in zip(Mirror(reflecting: self).children, Mirror(reflecting: other).children)
        where "\(mine.value)" != "\(theirs.value)" {
            lines.append("\(mine.label ?? ""): \(mine.value) / \(theirs.value)")
        }
        return lines.joined(separator: "; ")
    }
}

/// Expects equal points and names the fields that differ.
func expectEqual(_ found: [ReferencePoint], _ expected: [ReferencePoint]) throws {
    #expect(found.count == expected.count)
    for (found, expected) in zip(found, expected) where found != expected {
        Issue.record("\(found.differences(expected))")
        return
    }
}

// MARK: From a batch

extension ReferencePoint {
    static func points(_ batch: MetricBatch) throws -> [ReferencePoint] {
        try batch.points.map { try ReferencePoint($0, batch) }
    }

    init(_ point: MetricPoint, _ batch: MetricBatch) throws {
        func json(_ ref: TextRef) throws -> JSON? {
            ref.isNull ? nil : try JSON(batch.text.withBytes(ref) { Array($0) })
        }

        let resource = batch.resources[Int(point.resource)]
        context.resource = try JSON(resource.attributesJSON)
        context.resourceColumns = ReferenceRow.columns(resource)
        let scope = batch.scopes[Int(point.scope)]
        context.scopeName = Array(scope.name.utf8)
        context.scopeVersion = scope.version.map { Array($0.utf8) }
        context.scopeAttributes = try scope.attributesJSON.map { try JSON($0) }
        let metric = batch.metrics[Int(point.metric)]
        name = Array(metric.name.utf8)
        unit = Array(metric.unit.utf8)
        description = Array(metric.description.utf8)
        type = metric.type
        temporality = metric.temporality.rawValue
        isMonotonic = metric.isMonotonic
        start = point.startNanoseconds
        time = point.timeNanoseconds
        attributes = try json(point.attributesJSON) ?? .null
        exemplars = try json(point.exemplarsJSON)
        quantiles = try json(point.quantilesJSON)
        doubles["value"] = point.scalarValue?.bitPattern
        doubles["sum"] = point.sum?.bitPattern
        doubles["min"] = point.min?.bitPattern
        doubles["max"] = point.max?.bitPattern
        doubles["zero_threshold"] = point.zeroThreshold?.bitPattern
        integers["count"] = point.count.map { Int64(bitPattern: $0) }
        integers["zero_count"] = point.zeroCount.map { Int64(bitPattern: $0) }
        integers["scale"] = point.scale.map(Int64.init)
        integers["positive_offset"] = point.positiveOffset.map(Int64.init)
        integers["negative_offset"] = point.negativeOffset.map(Int64.init)
        counts["buckets"] = Array(batch.counts[point.bucketCounts])
        counts["positive"] = Array(batch.counts[point.positiveBucketCounts])
        counts["negative"] = Array(batch.counts[point.negativeBucketCounts])
        bounds = batch.bounds[point.explicitBounds].map(\.bitPattern)
    }
}

// MARK: From swift-protobuf

extension ReferencePoint {
    typealias Metric = Opentelemetry_Proto_Metrics_V1_Metric

    static func points(_ request: Request) -> [ReferencePoint] {
        request.resourceMetrics.flatMap { resourceMetrics in
            resourceMetrics.scopeMetrics.flatMap { scopeMetrics in
                scopeMetrics.metrics.flatMap { metric in
                    var point = ReferencePoint()
                    ReferenceMapping.set(resourceMetrics.resource, &point.context)
                    ReferenceMapping.set(scopeMetrics.scope, &point.context)
                    return points(metric, point)
                }
            }
        }
    }

    private static func points(_ metric: Metric, _ common: ReferencePoint) -> [ReferencePoint] {
        var common = common
        common.name = Array(metric.name.utf8)
        common.unit = Array(metric.unit.utf8)
        common.description = Array(metric.description_p.utf8)
        common.counts = ["buckets": [], "positive": [], "negative": []]
        func set(_ type: MetricType, _ temporality: Int) {
            common.type = type
            common.temporality = (0...2).contains(temporality) ? UInt8(temporality) : 0
        }

        switch metric.data {
        case nil: return []
        case .gauge(let gauge):
            set(.gauge, 0)
            return gauge.dataPoints.map { number($0, common) }
        case .sum(let sum):
            set(.sum, sum.aggregationTemporality.rawValue)
            common.isMonotonic = sum.isMonotonic
            return sum.dataPoints.map { number($0, common) }
        case .histogram(let histogram):
            set(.histogram, histogram.aggregationTemporality.rawValue)
            return histogram.dataPoints.map { self.histogram($0, common) }
        case .exponentialHistogram(let histogram):
            set(.exponentialHistogram, histogram.aggregationTemporality.rawValue)
            return histogram.dataPoints.map { exponential($0, common) }
        case .summary(let summary):
            set(.summary, 0)
            return summary.dataPoints.map { self.summary($0, common) }
        }
    }

    /// The point of a series that went on without a value.
    private var withoutValue: ReferencePoint {
        var point = self
        point.doubles = [:]
        point.integers = [:]
        point.counts = ["buckets": [], "positive": [], "negative": []].filter { counts[$0.key] != nil }
        point.bounds = []
        point.quantiles = nil
        return point
    }

    private mutating func set(_ start: UInt64, _ time: UInt64, _ attributes: [KeyValue]) {
        self.start = ReferenceValues.clamped(start)
        self.time = ReferenceValues.clamped(time)
        self.attributes = .object(ReferenceValues.members(attributes))
    }

    private static func number(_ data: Opentelemetry_Proto_Metrics_V1_NumberDataPoint, _ common: ReferencePoint) -> ReferencePoint {
        var point = common
        point.set(data.startTimeUnixNano, data.timeUnixNano, data.attributes)
        point.exemplars = exemplars(data.exemplars)
        switch data.value {
        case .asDouble(let value): point.doubles["value"] = value.bitPattern
        case .asInt(let value): point.doubles["value"] = Double(value).bitPattern
        case nil: break
        }
        return data.flags & 1 != 0 ? point.withoutValue : point
    }

    private static func histogram(_ data: Opentelemetry_Proto_Metrics_V1_HistogramDataPoint, _ common: ReferencePoint) -> ReferencePoint {
        var point = common
        point.set(data.startTimeUnixNano, data.timeUnixNano, data.attributes)
        point.exemplars = exemplars(data.exemplars)
        point.integers["count"] = Int64(bitPattern: data.count)
        if data.hasSum { point.doubles["sum"] = data.sum.bitPattern }
        if data.hasMin { point.doubles["min"] = data.min.bitPattern }
        if data.hasMax { point.doubles["max"] = data.max.bitPattern }
        point.counts["buckets"] = data.bucketCounts
        point.bounds = data.explicitBounds.map(\.bitPattern)
        return data.flags & 1 != 0 ? point.withoutValue : point
    }

    private static func exponential(
        _ data: Opentelemetry_Proto_Metrics_V1_ExponentialHistogramDataPoint,
        _ common: ReferencePoint
    ) -> ReferencePoint {
        var point = common
        point.set(data.startTimeUnixNano, data.timeUnixNano, data.attributes)
        point.exemplars = exemplars(data.exemplars)
        point.integers["count"] = Int64(bitPattern: data.count)
        point.integers["zero_count"] = Int64(bitPattern: data.zeroCount)
        point.integers["scale"] = Int64(data.scale)
        point.doubles["zero_threshold"] = data.zeroThreshold.bitPattern
        if data.hasSum { point.doubles["sum"] = data.sum.bitPattern }
        if data.hasMin { point.doubles["min"] = data.min.bitPattern }
        if data.hasMax { point.doubles["max"] = data.max.bitPattern }
        if data.hasPositive { point.integers["positive_offset"] = Int64(data.positive.offset) }
        if data.hasNegative { point.integers["negative_offset"] = Int64(data.negative.offset) }
        point.counts["positive"] = data.positive.bucketCounts
        point.counts["negative"] = data.negative.bucketCounts
        return data.flags & 1 != 0 ? point.withoutValue : point
    }

    private static func summary(_ data: Opentelemetry_Proto_Metrics_V1_SummaryDataPoint, _ common: ReferencePoint) -> ReferencePoint {
        var point = common
        point.set(data.startTimeUnixNano, data.timeUnixNano, data.attributes)
        point.integers["count"] = Int64(bitPattern: data.count)
        point.doubles["sum"] = data.sum.bitPattern
        if !data.quantileValues.isEmpty {
            point.quantiles = .array(
                data.quantileValues.map { value in
                    .object([
                        Array("quantile".utf8): ReferenceValues.double(value.quantile),
                        Array("value".utf8): ReferenceValues.double(value.value),
                    ])
                })
        }
        return data.flags & 1 != 0 ? point.withoutValue : point
    }

    private static func exemplars(_ exemplars: [Opentelemetry_Proto_Metrics_V1_Exemplar]) -> JSON? {
        guard !exemplars.isEmpty else { return nil }
        return .array(
            exemplars.map { exemplar in
                var members: [[UInt8]: JSON] = [
                    Array("timestamp".utf8): ReferenceValues.timestamp(exemplar.timeUnixNano),
                    Array("attributes".utf8): .object(ReferenceValues.members(exemplar.filteredAttributes)),
                ]
                members[Array("value".utf8)] =
                    switch exemplar.value {
                    case .asDouble(let value): ReferenceValues.double(value)
                    case .asInt(let value): .int(String(value))
                    case nil: .null
                    }
                let ids = [("trace_id", exemplar.traceID, 16), ("span_id", exemplar.spanID, 8)]
                for (name, id, count) in ids where id.count == count && id.contains(where: { $0 != 0 }) {
                    members[Array(name.utf8)] = .string(ReferenceValues.hex(id, count: count))
                }
                return .object(members)
            })
    }
}
