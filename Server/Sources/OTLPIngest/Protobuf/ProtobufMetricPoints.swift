import OTLPWire
import TelemetryModel

/// Decodes the data points of the five metric types into the point the builder has begun.
enum ProtobufMetricPoints {
    static func number(_ bytes: Span<UInt8>, _ range: Range<Int>, _ builder: inout MetricBuilder) throws(WireError) {
        typealias Fields = OTLPFields.NumberDataPoint
        var start: UInt64 = 0
        var time: UInt64 = 0
        var flags: UInt64 = 0
        var value = MetricValue.none
        var reader = WireReader(bytes, in: range)
        while let tag = try reader.next(bytes) {
            switch tag {
            case Fields.startTimeUnixNano: start = try reader.fixed64(bytes)
            case Fields.timeUnixNano: time = try reader.fixed64(bytes)
            case Fields.asDouble: value = .double(try reader.double(bytes))
            case Fields.asInt: value = .int(Int64(bitPattern: try reader.fixed64(bytes)))
            case Fields.attributes: try attribute(bytes, try reader.range(bytes), &builder)
            case Fields.exemplars: try exemplar(bytes, try reader.range(bytes), &builder)
            case Fields.flags: flags = try reader.varint(bytes)
            default: try reader.skip(tag, bytes)
            }
        }
        builder.point.scalarValue = value.number
        builder.finishPoint(start: start, time: time, flags: flags, source: bytes)
    }

    static func histogram(_ bytes: Span<UInt8>, _ range: Range<Int>, _ builder: inout MetricBuilder) throws(WireError) {
        typealias Fields = OTLPFields.HistogramDataPoint
        var start: UInt64 = 0
        var time: UInt64 = 0
        var flags: UInt64 = 0
        builder.point.count = 0
        var reader = WireReader(bytes, in: range)
        while let tag = try reader.next(bytes) {
            switch tag {
            case Fields.startTimeUnixNano: start = try reader.fixed64(bytes)
            case Fields.timeUnixNano: time = try reader.fixed64(bytes)
            case Fields.count: builder.point.count = try reader.fixed64(bytes)
            case Fields.sum: builder.point.sum = try reader.double(bytes)
            case Fields.min: builder.point.min = try reader.double(bytes)
            case Fields.max: builder.point.max = try reader.double(bytes)
            case Fields.bucketCounts: try packed(bytes, try reader.range(bytes)) { builder.counts.append($0) }
            case Fields.bucketCountsUnpacked: builder.counts.append(try reader.fixed64(bytes))
            case Fields.explicitBounds:
                try packed(bytes, try reader.range(bytes)) { builder.bounds.append(Double(bitPattern: $0)) }
            case Fields.explicitBoundsUnpacked: builder.bounds.append(try reader.double(bytes))
            case Fields.attributes: try attribute(bytes, try reader.range(bytes), &builder)
            case Fields.exemplars: try exemplar(bytes, try reader.range(bytes), &builder)
            case Fields.flags: flags = try reader.varint(bytes)
            default: try reader.skip(tag, bytes)
            }
        }
        builder.point.bucketCounts = builder.point.bucketCounts.lowerBound..<builder.counts.count
        builder.point.explicitBounds = builder.point.explicitBounds.lowerBound..<builder.bounds.count
        builder.finishPoint(start: start, time: time, flags: flags, source: bytes)
    }

    static func exponentialHistogram(_ bytes: Span<UInt8>, _ range: Range<Int>, _ builder: inout MetricBuilder) throws(WireError) {
        typealias Fields = OTLPFields.ExponentialHistogramDataPoint
        var start: UInt64 = 0
        var time: UInt64 = 0
        var flags: UInt64 = 0
        builder.point.count = 0
        builder.point.scale = 0
        builder.point.zeroCount = 0
        builder.point.zeroThreshold = 0
        var reader = WireReader(bytes, in: range)
        while let tag = try reader.next(bytes) {
            switch tag {
            case Fields.startTimeUnixNano: start = try reader.fixed64(bytes)
            case Fields.timeUnixNano: time = try reader.fixed64(bytes)
            case Fields.count: builder.point.count = try reader.fixed64(bytes)
            case Fields.sum: builder.point.sum = try reader.double(bytes)
            case Fields.scale: builder.point.scale = try reader.zigzag32(bytes)
            case Fields.zeroCount: builder.point.zeroCount = try reader.fixed64(bytes)
            case Fields.zeroThreshold: builder.point.zeroThreshold = try reader.double(bytes)
            case Fields.min: builder.point.min = try reader.double(bytes)
            case Fields.max: builder.point.max = try reader.double(bytes)
            case Fields.attributes: try attribute(bytes, try reader.range(bytes), &builder)
            case Fields.exemplars: try exemplar(bytes, try reader.range(bytes), &builder)
            case Fields.flags: flags = try reader.varint(bytes)
            default: try reader.skip(tag, bytes)
            }
        }
        // The two bucket lists share one array, hence one after the other.
        (builder.point.positiveOffset, builder.point.positiveBucketCounts) = try buckets(bytes, range, Fields.positive, &builder.counts)
        (builder.point.negativeOffset, builder.point.negativeBucketCounts) = try buckets(bytes, range, Fields.negative, &builder.counts)
        builder.finishPoint(start: start, time: time, flags: flags, source: bytes)
    }

    /// Reads one side's buckets.
    ///
    /// - Returns: offset nil when the side was not sent.
    private static func buckets(
        _ bytes: Span<UInt8>,
        _ range: Range<Int>,
        _ side: WireTag,
        _ counts: inout [UInt64]
    ) throws(WireError) -> (offset: Int32?, range: Range<Int>) {
        let first = counts.count
        var offset: Int32?
        var reader = WireReader(bytes, in: range)
        while let tag = try reader.next(bytes) {
            guard tag == side else {
                try reader.skip(tag, bytes)
                continue
            }
            offset = offset ?? 0
            var fields = WireReader(bytes, in: try reader.range(bytes))
            while let field = try fields.next(bytes) {
                switch field {
                case OTLPFields.Buckets.offset: offset = try fields.zigzag32(bytes)
                case OTLPFields.Buckets.bucketCounts:
                    var values = WireReader(bytes, in: try fields.range(bytes))
                    while !values.isAtEnd { counts.append(try values.varint(bytes)) }
                case OTLPFields.Buckets.bucketCountsUnpacked: counts.append(try fields.varint(bytes))
                default: try fields.skip(field, bytes)
                }
            }
        }
        return (offset, first..<counts.count)
    }

    static func summary(_ bytes: Span<UInt8>, _ range: Range<Int>, _ builder: inout MetricBuilder) throws(WireError) {
        typealias Fields = OTLPFields.SummaryDataPoint
        var start: UInt64 = 0
        var time: UInt64 = 0
        var flags: UInt64 = 0
        builder.point.count = 0
        builder.point.sum = 0
        var reader = WireReader(bytes, in: range)
        while let tag = try reader.next(bytes) {
            switch tag {
            case Fields.startTimeUnixNano: start = try reader.fixed64(bytes)
            case Fields.timeUnixNano: time = try reader.fixed64(bytes)
            case Fields.count: builder.point.count = try reader.fixed64(bytes)
            case Fields.sum: builder.point.sum = try reader.double(bytes)
            case Fields.quantileValues: try quantile(bytes, try reader.range(bytes), &builder)
            case Fields.attributes: try attribute(bytes, try reader.range(bytes), &builder)
            case Fields.flags: flags = try reader.varint(bytes)
            default: try reader.skip(tag, bytes)
            }
        }
        builder.finishPoint(start: start, time: time, flags: flags, source: bytes)
    }

    private static func quantile(_ bytes: Span<UInt8>, _ range: Range<Int>, _ builder: inout MetricBuilder) throws(WireError) {
        var quantile = 0.0
        var value = 0.0
        var reader = WireReader(bytes, in: range)
        while let tag = try reader.next(bytes) {
            switch tag {
            case OTLPFields.ValueAtQuantile.quantile: quantile = try reader.double(bytes)
            case OTLPFields.ValueAtQuantile.value: value = try reader.double(bytes)
            default: try reader.skip(tag, bytes)
            }
        }
        builder.addQuantile(quantile, value: value)
        if builder.isOverLimit { throw WireError(.limitExceeded, at: reader.offset) }
    }

    private static func exemplar(_ bytes: Span<UInt8>, _ range: Range<Int>, _ builder: inout MetricBuilder) throws(WireError) {
        typealias Fields = OTLPFields.Exemplar
        var time: UInt64 = 0
        var value = MetricValue.none
        var traceID = TraceID.invalid
        var spanID = SpanID.none
        builder.exemplarAttributes.restart()
        var reader = WireReader(bytes, in: range)
        while let tag = try reader.next(bytes) {
            switch tag {
            case Fields.timeUnixNano: time = try reader.fixed64(bytes)
            case Fields.asDouble: value = .double(try reader.double(bytes))
            case Fields.asInt: value = .int(Int64(bitPattern: try reader.fixed64(bytes)))
            case Fields.traceID: traceID = ProtobufContext.traceID(bytes, try reader.range(bytes))
            case Fields.spanID: spanID = ProtobufContext.spanID(bytes, try reader.range(bytes))
            case Fields.filteredAttributes:
                let attribute = try reader.range(bytes)
                try ProtobufValues.attribute(bytes, attribute, builder.limits, &builder.text, &builder.exemplarAttributes)
            default: try reader.skip(tag, bytes)
            }
        }
        builder.addExemplar(time: time, value: value, traceID: traceID, spanID: spanID, source: bytes)
        if builder.isOverLimit { throw WireError(.limitExceeded, at: reader.offset) }
    }

    private static func attribute(_ bytes: Span<UInt8>, _ range: Range<Int>, _ builder: inout MetricBuilder) throws(WireError) {
        try ProtobufValues.attribute(bytes, range, builder.limits, &builder.text, &builder.detail)
    }

    /// Calls `body` with every element of a packed array of eight-byte values.
    private static func packed(_ bytes: Span<UInt8>, _ range: Range<Int>, _ body: (UInt64) -> Void) throws(WireError) {
        guard range.count % 8 == 0 else { throw WireError(.partialElement, at: range.lowerBound) }
        var reader = WireReader(bytes, in: range)
        while !reader.isAtEnd { body(try reader.fixed64(bytes)) }
    }
}
