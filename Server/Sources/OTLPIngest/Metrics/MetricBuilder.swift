import TelemetryModel

/// Makes metric points out of OTLP data points, whichever encoding they came in.
///
/// A front end sets ``metric``, then begins a point, fills ``point`` and the lists in whatever order the fields arrive, and
/// finishes it.
struct MetricBuilder {
    let limits: DecodeLimits
    var text: TextStore
    var context = ContextList()
    /// Attributes of the point, resource or scope being decoded.
    var detail = AttributeList()
    /// Attributes of the exemplar being decoded.
    var exemplarAttributes = AttributeList()
    /// The point being decoded.
    var point = MetricPoint()
    /// Bucket counts and bounds of all points; those of the point being decoded come last.
    var counts: [UInt64] = []
    var bounds: [Double] = []

    private var metric = MetricInfo(name: "", unit: "", description: "", type: .gauge, temporality: .unspecified, isMonotonic: nil)
    private var metricIndex: UInt32?
    private var metrics: [MetricInfo] = []
    private var points: [MetricPoint] = []
    private var exemplars: [UInt8] = []
    private var quantiles: [UInt8] = []
    private var scratch: [UInt8] = []
    private var ordinals = OrdinalTable()

    init(body: [UInt8], limits: DecodeLimits) {
        self.limits = limits
        text = TextStore(source: body)
    }

    consuming func batch() -> MetricBatch {
        var batch = MetricBatch()
        batch.text = text
        batch.resources = context.resources
        batch.scopes = context.scopes
        batch.metrics = metrics
        batch.points = points
        batch.counts = counts
        batch.bounds = bounds
        return batch
    }

    /// Whether the request made more text, points or buckets than its limits allow.
    var isOverLimit: Bool {
        text.arena.count &+ exemplars.count &+ quantiles.count > limits.textBytes || points.count > limits.records
            || (counts.count &+ bounds.count) &* 8 > limits.textBytes
    }

    // MARK: Resource, scope, metric

    mutating func setResource(source: Span<UInt8>) {
        context.setResource(detail, source: source, text: &text, scratch: &scratch)
    }

    mutating func setScope(name: TextRef, version: TextRef, source: Span<UInt8>) {
        context.setScope(name: name, version: version, detail, source: source, text: &text, scratch: &scratch)
    }

    /// Makes `info` the metric of the points that follow. It is kept when it has a point.
    mutating func setMetric(_ info: MetricInfo) {
        metric = info
        metricIndex = nil
    }

    private mutating func useMetric() -> UInt32 {
        if let metricIndex { return metricIndex }
        let index = UInt32(metrics.count)
        metrics.append(metric)
        metricIndex = index
        return index
    }

    // MARK: Points

    mutating func beginPoint() {
        detail.restart()
        exemplars.removeAll(keepingCapacity: true)
        quantiles.removeAll(keepingCapacity: true)
        point = MetricPoint()
        point.bucketCounts = counts.count..<counts.count
        point.positiveBucketCounts = point.bucketCounts
        point.negativeBucketCounts = point.bucketCounts
        point.explicitBounds = bounds.count..<bounds.count
    }

    /// Adds an exemplar whose attributes are in ``exemplarAttributes``.
    ///
    /// - Parameter value: nil when the sender gave none.
    mutating func addExemplar(time: UInt64, value: MetricValue, traceID: TraceID, spanID: SpanID, source: Span<UInt8>) {
        let mark = text.mark
        JSONText.append("{\"timestamp\":", to: &text.arena)
        JSONText.appendTimestamp(Int64(clamping: time), to: &text.arena)
        JSONText.append(",\"value\":", to: &text.arena)
        switch value {
        case .none: JSONText.append("null", to: &text.arena)
        case .int(let value): JSONText.appendInt(value, to: &text.arena)
        case .double(let value): JSONText.appendDouble(value, to: &text.arena)
        }
        if traceID.isValid {
            JSONText.append(",\"trace_id\":", to: &text.arena)
            JSONText.appendHex(high: traceID.high, low: traceID.low, to: &text.arena)
        }
        if spanID.isValid {
            JSONText.append(",\"span_id\":", to: &text.arena)
            JSONText.appendHex(spanID.value, to: &text.arena)
        }
        JSONText.append(",\"attributes\":", to: &text.arena)
        AttributeJSON.appendObject(exemplarAttributes, source: source, text: &text, scratch: &scratch)
        text.arena.append(0x7d)
        if !exemplars.isEmpty { exemplars.append(0x2c) }
        exemplars.append(contentsOf: text.arena[mark...])
        text.arena.removeLast(text.arena.count - mark)
    }

    /// Adds a quantile of a summary.
    mutating func addQuantile(_ quantile: Double, value: Double) {
        if !quantiles.isEmpty { quantiles.append(0x2c) }
        JSONText.append("{\"quantile\":", to: &quantiles)
        JSONText.appendDouble(quantile, to: &quantiles)
        JSONText.append(",\"value\":", to: &quantiles)
        JSONText.appendDouble(value, to: &quantiles)
        quantiles.append(0x7d)
    }

    /// Appends the point.
    ///
    /// - Parameters:
    ///   - start: nanoseconds since the Unix epoch, 0 when the sender gave none.
    ///   - time: nanoseconds since the Unix epoch.
    ///   - flags: OTLP data point flags; bit 0 says that no value was recorded.
    mutating func finishPoint(start: UInt64, time: UInt64, flags: UInt64, source: Span<UInt8>) {
        if flags & 1 != 0 { clearValue() }
        point.startNanoseconds = Int64(clamping: start)
        point.timeNanoseconds = Int64(clamping: time)
        let mark = text.mark
        // Attributes have no order, and the series that a point belongs to must not depend on it.
        detail.sortByName(text)
        AttributeJSON.appendObject(detail, source: source, text: &text, scratch: &scratch)
        point.attributesJSON = text.reference(from: mark)
        point.exemplarsJSON = Self.array(exemplars, &text)
        point.quantilesJSON = metric.type == .summary ? Self.array(quantiles, &text) : .null
        point.resource = context.useResource()
        point.scope = context.useScope()
        point.metric = useMetric()
        point.id = identity()
        points.append(point)
    }

    /// Leaves the point without a value: its series went on without one.
    private mutating func clearValue() {
        var empty = MetricPoint()
        empty.bucketCounts = counts.count..<counts.count
        empty.positiveBucketCounts = empty.bucketCounts
        empty.negativeBucketCounts = empty.bucketCounts
        empty.explicitBounds = bounds.count..<bounds.count
        point = empty
        quantiles.removeAll(keepingCapacity: true)
    }

    /// A hash of everything that tells the point from others, and of its ordinal among equal points (`acceptance.md` A4).
    private mutating func identity() -> UInt64 {
        var hash = StableHash()
        hash.combine(context.resourceID)
        hash.combine(context.scopeID)
        hash.combine(metric.name)
        hash.combine(metric.type.rawValue)
        LogIdentity.combine(point.attributesJSON, text, &hash)
        hash.combine(UInt64(bitPattern: point.startNanoseconds))
        hash.combine(UInt64(bitPattern: point.timeNanoseconds))
        for value in [point.scalarValue, point.sum, point.min, point.max, point.zeroThreshold] {
            hash.combine(UInt8(value == nil ? 0 : 1))
            hash.combine(value.map(LogIdentity.bits) ?? 0)
        }
        for value in [point.count, point.zeroCount] {
            hash.combine(UInt8(value == nil ? 0 : 1))
            hash.combine(value ?? 0)
        }
        for value in [point.scale, point.positiveOffset, point.negativeOffset] {
            hash.combine(UInt64(bitPattern: Int64(value ?? .min)))
        }
        for range in [point.bucketCounts, point.positiveBucketCounts, point.negativeBucketCounts] {
            hash.combine(UInt64(range.count))
            for index in range { hash.combine(counts[index]) }
        }
        hash.combine(UInt64(point.explicitBounds.count))
        for index in point.explicitBounds { hash.combine(LogIdentity.bits(of: bounds[index])) }
        LogIdentity.combine(point.quantilesJSON, text, &hash)
        hash.combine(ordinals.next(hash.finalize()))
        return hash.finalize()
    }

    private static func array(_ values: [UInt8], _ text: inout TextStore) -> TextRef {
        guard !values.isEmpty else { return .null }
        let mark = text.mark
        text.arena.append(0x5b)
        text.arena.append(contentsOf: values)
        text.arena.append(0x5d)
        return text.reference(from: mark)
    }
}

/// The number of a data point or exemplar, as it was sent.
enum MetricValue {
    case none
    case int(Int64)
    case double(Double)

    /// The value of the `scalar_value` column; integers beyond 2^53 are rounded.
    var number: Double? {
        switch self {
        case .none: nil
        case .int(let value): Double(value)
        case .double(let value): value
        }
    }
}
