import TelemetryModel

/// Decodes the data points of OTLP/JSON metrics. The types share their field names, so one function reads them all.
enum JSONMetricPoints {
    /// Fields that all types have.
    private struct Common {
        var start: UInt64 = 0
        var time: UInt64 = 0
        var flags: UInt64 = 0
        var value = MetricValue.none
    }

    static func point(
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        _ type: MetricType,
        _ buffer: inout [UInt8],
        _ builder: inout MetricBuilder
    ) throws(JSONError) {
        setDefaults(type, &builder.point)
        var common = Common()
        try reader.beginObject(bytes)
        while let key = try reader.nextKey(bytes, &buffer) {
            if try reader.skipNull(bytes) { continue }
            if key.matches("startTimeUnixNano", bytes, buffer) {
                common.start = try JSONValues.unsigned(&reader, bytes)
            } else if key.matches("timeUnixNano", bytes, buffer) {
                common.time = try JSONValues.unsigned(&reader, bytes)
            } else if key.matches("flags", bytes, buffer) {
                common.flags = try JSONValues.unsigned(&reader, bytes)
            } else if key.matches("attributes", bytes, buffer) {
                try JSONAttributes.attributes(&reader, bytes, builder.limits, &builder.text, &buffer, &builder.detail)
            } else if key.matches("exemplars", bytes, buffer), type != .summary {
                try exemplars(&reader, bytes, &buffer, &builder)
            } else {
                switch type {
                case .gauge, .sum: try numberField(key, &reader, bytes, &buffer, &common.value)
                case .histogram: try histogramField(key, &reader, bytes, &buffer, &builder)
                case .exponentialHistogram: try exponentialField(key, &reader, bytes, &buffer, &builder)
                case .summary: try summaryField(key, &reader, bytes, &buffer, &builder)
                }
            }
        }
        if type == .gauge || type == .sum { builder.point.scalarValue = common.value.number }
        builder.finishPoint(start: common.start, time: common.time, flags: common.flags, source: bytes)
    }

    private static func setDefaults(_ type: MetricType, _ point: inout MetricPoint) {
        switch type {
        case .gauge, .sum: break
        case .histogram: point.count = 0
        case .summary:
            point.count = 0
            point.sum = 0
        case .exponentialHistogram:
            point.count = 0
            point.scale = 0
            point.zeroCount = 0
            point.zeroThreshold = 0
        }
    }

    private static func numberField(
        _ key: JSONString,
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        _ buffer: inout [UInt8],
        _ value: inout MetricValue
    ) throws(JSONError) {
        if key.matches("asDouble", bytes, buffer) {
            value = .double(try JSONValues.double(&reader, bytes))
        } else if key.matches("asInt", bytes, buffer) {
            value = .int(try JSONValues.integer(&reader, bytes))
        } else {
            try reader.skipValue(bytes)
        }
    }

    private static func histogramField(
        _ key: JSONString,
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        _ buffer: inout [UInt8],
        _ builder: inout MetricBuilder
    ) throws(JSONError) {
        if key.matches("count", bytes, buffer) {
            builder.point.count = try JSONValues.unsigned(&reader, bytes)
        } else if key.matches("sum", bytes, buffer) {
            builder.point.sum = try JSONValues.double(&reader, bytes)
        } else if key.matches("min", bytes, buffer) {
            builder.point.min = try JSONValues.double(&reader, bytes)
        } else if key.matches("max", bytes, buffer) {
            builder.point.max = try JSONValues.double(&reader, bytes)
        } else if key.matches("bucketCounts", bytes, buffer) {
            builder.point.bucketCounts = try counts(&reader, bytes, &builder.counts)
        } else if key.matches("explicitBounds", bytes, buffer) {
            let first = builder.bounds.count
            try reader.beginArray(bytes)
            while try reader.nextElement(bytes) { builder.bounds.append(try JSONValues.double(&reader, bytes)) }
            builder.point.explicitBounds = first..<builder.bounds.count
        } else {
            try reader.skipValue(bytes)
        }
    }

    private static func exponentialField(
        _ key: JSONString,
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        _ buffer: inout [UInt8],
        _ builder: inout MetricBuilder
    ) throws(JSONError) {
        if key.matches("scale", bytes, buffer) {
            builder.point.scale = Int32(truncatingIfNeeded: try JSONValues.integer(&reader, bytes))
        } else if key.matches("zeroCount", bytes, buffer) {
            builder.point.zeroCount = try JSONValues.unsigned(&reader, bytes)
        } else if key.matches("zeroThreshold", bytes, buffer) {
            builder.point.zeroThreshold = try JSONValues.double(&reader, bytes)
        } else if key.matches("positive", bytes, buffer) {
            let side = try buckets(&reader, bytes, &buffer, &builder.counts)
            (builder.point.positiveOffset, builder.point.positiveBucketCounts) = side
        } else if key.matches("negative", bytes, buffer) {
            let side = try buckets(&reader, bytes, &buffer, &builder.counts)
            (builder.point.negativeOffset, builder.point.negativeBucketCounts) = side
        } else {
            try histogramField(key, &reader, bytes, &buffer, &builder)
        }
    }

    private static func buckets(
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        _ buffer: inout [UInt8],
        _ list: inout [UInt64]
    ) throws(JSONError) -> (offset: Int32, range: Range<Int>) {
        var offset: Int32 = 0
        var range = list.count..<list.count
        try reader.beginObject(bytes)
        while let key = try reader.nextKey(bytes, &buffer) {
            if try reader.skipNull(bytes) { continue }
            if key.matches("offset", bytes, buffer) {
                offset = Int32(truncatingIfNeeded: try JSONValues.integer(&reader, bytes))
            } else if key.matches("bucketCounts", bytes, buffer) {
                range = try counts(&reader, bytes, &list)
            } else {
                try reader.skipValue(bytes)
            }
        }
        return (offset, range)
    }

    private static func counts(_ reader: inout JSONReader, _ bytes: Span<UInt8>, _ list: inout [UInt64]) throws(JSONError) -> Range<Int> {
        let first = list.count
        try reader.beginArray(bytes)
        while try reader.nextElement(bytes) { list.append(try JSONValues.unsigned(&reader, bytes)) }
        return first..<list.count
    }

    private static func summaryField(
        _ key: JSONString,
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        _ buffer: inout [UInt8],
        _ builder: inout MetricBuilder
    ) throws(JSONError) {
        if key.matches("count", bytes, buffer) {
            builder.point.count = try JSONValues.unsigned(&reader, bytes)
        } else if key.matches("sum", bytes, buffer) {
            builder.point.sum = try JSONValues.double(&reader, bytes)
        } else if key.matches("quantileValues", bytes, buffer) {
            try quantiles(&reader, bytes, &buffer, &builder)
        } else {
            try reader.skipValue(bytes)
        }
    }

    private static func quantiles(
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        _ buffer: inout [UInt8],
        _ builder: inout MetricBuilder
    ) throws(JSONError) {
        try reader.beginArray(bytes)
        while try reader.nextElement(bytes) {
            var quantile = 0.0
            var value = 0.0
            try reader.beginObject(bytes)
            while let key = try reader.nextKey(bytes, &buffer) {
                if key.matches("quantile", bytes, buffer) {
                    quantile = try JSONValues.double(&reader, bytes)
                } else if key.matches("value", bytes, buffer) {
                    value = try JSONValues.double(&reader, bytes)
                } else {
                    try reader.skipValue(bytes)
                }
            }
            builder.addQuantile(quantile, value: value)
            if builder.isOverLimit { throw JSONError(.limitExceeded, at: reader.offset) }
        }
    }

    private static func exemplars(
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        _ buffer: inout [UInt8],
        _ builder: inout MetricBuilder
    ) throws(JSONError) {
        try reader.beginArray(bytes)
        while try reader.nextElement(bytes) {
            builder.exemplarAttributes.restart()
            var time: UInt64 = 0
            var value = MetricValue.none
            var traceID = TraceID.invalid
            var spanID = SpanID.none
            try reader.beginObject(bytes)
            while let key = try reader.nextKey(bytes, &buffer) {
                if try reader.skipNull(bytes) { continue }
                if key.matches("timeUnixNano", bytes, buffer) {
                    time = try JSONValues.unsigned(&reader, bytes)
                } else if key.matches("traceId", bytes, buffer) {
                    traceID = try JSONValues.traceID(&reader, bytes, &buffer)
                } else if key.matches("spanId", bytes, buffer) {
                    spanID = try JSONValues.spanID(&reader, bytes, &buffer)
                } else if key.matches("filteredAttributes", bytes, buffer) {
                    try JSONAttributes.attributes(&reader, bytes, builder.limits, &builder.text, &buffer, &builder.exemplarAttributes)
                } else {
                    try numberField(key, &reader, bytes, &buffer, &value)
                }
            }
            builder.addExemplar(time: time, value: value, traceID: traceID, spanID: spanID, source: bytes)
            if builder.isOverLimit { throw JSONError(.limitExceeded, at: reader.offset) }
        }
    }
}
