import HearthExport
import OTLPWire

/// Writes metric records as OTLP.
enum MetricEncoder {
    /// - Parameter resource: made by ``EncodedOrigin/resource(_:)``.
    static func encode(_ records: [MetricRecord], resource: [UInt8]) -> RecordBatch {
        var writer = WireWriter()
        var ends: [Int] = []
        var points: [Int] = []
        var runs: [RecordBatch.Run] = []
        var scope: InstrumentationScope?
        // Scopes in the order they come first, so that each is written once.
        var order: [InstrumentationScope: Int] = [:]
        for record in records where order[record.scope] == nil { order[record.scope] = order.count }
        for record in records.sorted(by: { order[$0.scope, default: 0] < order[$1.scope, default: 0] }) {
            if scope != record.scope {
                scope = record.scope
                runs.append(RecordBatch.Run(scope: EncodedOrigin.scope(record.scope), start: ends.count))
            }
            OTLPMetricWriter.write(OTLPMetric(record), OTLPFields.ScopeMetrics.metrics, to: &writer)
            ends.append(writer.count)
            points.append(record.points.count)
        }
        return RecordBatch(resource: resource, runs: runs, bytes: writer.bytes, ends: ends, weights: points)
    }
}

extension OTLPMetric {
    init(_ record: MetricRecord) {
        let data: Data
        switch record.kind {
        case .gauge: data = .gauge(record.points.compactMap(NumberPoint.init))
        case .sum(let temporality, let isMonotonic):
            data = .sum(record.points.compactMap(NumberPoint.init), Temporality(temporality), isMonotonic: isMonotonic)
        case .histogram(let temporality): data = .histogram(record.points.compactMap(HistogramPoint.init), Temporality(temporality))
        case .exponentialHistogram(let temporality):
            data = .exponentialHistogram(record.points.compactMap(ExponentialHistogramPoint.init), Temporality(temporality))
        }
        self.init(name: record.name, unit: record.unit, description: record.description, data: data)
    }
}

extension OTLPMetric.Temporality {
    init(_ temporality: MetricTemporality) {
        self = temporality == .delta ? .delta : .cumulative
    }
}

extension OTLPMetric.Number {
    init(_ value: MeasuredValue) {
        switch value {
        case .int(let number): self = .int(number)
        case .double(let number): self = .double(number)
        }
    }
}

extension OTLPMetric.Context {
    init(_ point: MetricPoint) {
        self.init(
            start: point.start,
            time: point.time,
            attributes: point.attributes.map(OTLPAttribute.init),
            exemplars: point.exemplars.map { exemplar in
                OTLPMetric.Exemplar(
                    time: exemplar.time,
                    value: .init(exemplar.value),
                    traceID: exemplar.traceID.map { OTLPTraceID(high: $0.high, low: $0.low) },
                    spanID: exemplar.spanID?.rawValue ?? 0,
                    filteredAttributes: exemplar.attributes.map(OTLPAttribute.init)
                )
            }
        )
    }
}

extension OTLPMetric.NumberPoint {
    init?(_ point: MetricPoint) {
        switch point.value {
        case .int(let value): self.init(.init(point), value: .int(value))
        case .double(let value): self.init(.init(point), value: .double(value))
        case .histogram, .exponentialHistogram: return nil
        }
    }
}

extension OTLPMetric.HistogramPoint {
    init?(_ point: MetricPoint) {
        guard case .histogram(let value) = point.value else { return nil }
        self.init(
            .init(point),
            count: value.count,
            sum: value.sum,
            min: value.min,
            max: value.max,
            bucketCounts: value.bucketCounts,
            explicitBounds: value.bounds
        )
    }
}

extension OTLPMetric.ExponentialHistogramPoint {
    init?(_ point: MetricPoint) {
        guard case .exponentialHistogram(let value) = point.value else { return nil }
        self.init(
            .init(point),
            count: value.count,
            sum: value.sum,
            min: value.min,
            max: value.max,
            scale: value.scale,
            zeroCount: value.zeroCount,
            positive: value.positive.counts.isEmpty ? nil : .init(offset: value.positive.offset, counts: value.positive.counts),
            negative: value.negative.counts.isEmpty ? nil : .init(offset: value.negative.offset, counts: value.negative.counts)
        )
    }
}
