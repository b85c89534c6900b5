import Foundation

extension RandomOTLP {
    typealias Temporality = Opentelemetry_Proto_Metrics_V1_AggregationTemporality

    mutating func metricsRequest() -> ReferencePoint.Request {
        var request = ReferencePoint.Request()
        for _ in 0..<random.below(2) + 1 {
            var resourceMetrics = Opentelemetry_Proto_Metrics_V1_ResourceMetrics()
            if random.chance(80) { resourceMetrics.resource = resource() }
            for _ in 0..<random.below(3) {
                var scopeMetrics = Opentelemetry_Proto_Metrics_V1_ScopeMetrics()
                if random.chance(80) { scopeMetrics.scope = scope() }
                scopeMetrics.metrics = (0..<random.below(4)).map { _ in metric() }
                resourceMetrics.scopeMetrics.append(scopeMetrics)
            }
            request.resourceMetrics.append(resourceMetrics)
        }
        return request
    }

    mutating func metric() -> Opentelemetry_Proto_Metrics_V1_Metric {
        var metric = Opentelemetry_Proto_Metrics_V1_Metric()
        metric.name = text(2)
        metric.unit = text(1)
        metric.description_p = text(2)
        let temporality = Temporality(rawValue: random.below(4)) ?? .unspecified
        let count = random.below(4)
        switch random.below(6) {
        case 0: metric.gauge.dataPoints = (0..<count).map { _ in number() }
        case 1:
            metric.sum.dataPoints = (0..<count).map { _ in number() }
            if let repeated = metric.sum.dataPoints.first { metric.sum.dataPoints.append(repeated) }
            metric.sum.aggregationTemporality = temporality
            metric.sum.isMonotonic = random.chance(50)
        case 2:
            metric.histogram.dataPoints = (0..<count).map { _ in histogram() }
            metric.histogram.aggregationTemporality = temporality
        case 3:
            metric.exponentialHistogram.dataPoints = (0..<count).map { _ in exponential() }
            metric.exponentialHistogram.aggregationTemporality = temporality
        case 4: metric.summary.dataPoints = (0..<count).map { _ in summary() }
        default: break
        }
        return metric
    }

    private mutating func number() -> Opentelemetry_Proto_Metrics_V1_NumberDataPoint {
        var point = Opentelemetry_Proto_Metrics_V1_NumberDataPoint()
        point.startTimeUnixNano = time()
        point.timeUnixNano = time()
        point.attributes = attributes()
        point.flags = UInt32(random.pick([0, 0, 0, 1, 2, 3]))
        switch random.below(3) {
        case 0: point.asDouble = double()
        case 1: point.asInt = Int64(bitPattern: random.next())
        default: break
        }
        point.exemplars = exemplars()
        return point
    }

    private mutating func histogram() -> Opentelemetry_Proto_Metrics_V1_HistogramDataPoint {
        var point = Opentelemetry_Proto_Metrics_V1_HistogramDataPoint()
        point.startTimeUnixNano = time()
        point.timeUnixNano = time()
        point.attributes = attributes()
        point.count = random.pick([0, 5, random.next()])
        if random.chance(70) { point.sum = double() }
        if random.chance(50) { point.min = double() }
        if random.chance(50) { point.max = double() }
        point.bucketCounts = (0..<random.below(6)).map { _ in random.pick([0, 1, random.next()]) }
        point.explicitBounds = (0..<random.below(6)).map { _ in double() }
        point.exemplars = exemplars()
        return point
    }

    private mutating func exponential() -> Opentelemetry_Proto_Metrics_V1_ExponentialHistogramDataPoint {
        var point = Opentelemetry_Proto_Metrics_V1_ExponentialHistogramDataPoint()
        point.startTimeUnixNano = time()
        point.timeUnixNano = time()
        point.attributes = attributes()
        point.count = random.next()
        point.scale = random.pick([0, 20, -11, .max, .min])
        point.zeroCount = random.pick([0, random.next()])
        point.zeroThreshold = double()
        if random.chance(70) { point.sum = double() }
        if random.chance(50) { point.min = double() }
        if random.chance(50) { point.max = double() }
        if random.chance(70) {
            point.positive.offset = random.pick([0, -5, .min, .max])
            point.positive.bucketCounts = (0..<random.below(6)).map { _ in random.pick([0, 300, random.next()]) }
        }
        if random.chance(30) {
            point.negative.offset = random.pick([0, 7])
            point.negative.bucketCounts = (0..<random.below(6)).map { _ in random.pick([0, 300, random.next()]) }
        }
        point.exemplars = exemplars()
        return point
    }

    private mutating func summary() -> Opentelemetry_Proto_Metrics_V1_SummaryDataPoint {
        var point = Opentelemetry_Proto_Metrics_V1_SummaryDataPoint()
        point.startTimeUnixNano = time()
        point.timeUnixNano = time()
        point.attributes = attributes()
        point.count = random.pick([0, random.next()])
        point.sum = double()
        point.quantileValues = (0..<random.below(4)).map { _ in
            var value = Opentelemetry_Proto_Metrics_V1_SummaryDataPoint.ValueAtQuantile()
            value.quantile = double()
            value.value = double()
            return value
        }
        return point
    }

    private mutating func exemplars() -> [Opentelemetry_Proto_Metrics_V1_Exemplar] {
        (0..<random.below(3)).map { _ in
            var exemplar = Opentelemetry_Proto_Metrics_V1_Exemplar()
            exemplar.timeUnixNano = time()
            exemplar.filteredAttributes = random.chance(50) ? attributes() : []
            exemplar.traceID = bytes(16)
            exemplar.spanID = bytes(8)
            switch random.below(3) {
            case 0: exemplar.asDouble = double()
            case 1: exemplar.asInt = random.pick([0, .min, .max])
            default: break
            }
            return exemplar
        }
    }
}
