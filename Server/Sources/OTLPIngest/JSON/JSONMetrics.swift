import TelemetryModel

extension MetricBuilder: JSONRecordSink {
    mutating func decodeDetail(_ reader: inout JSONReader, _ bytes: Span<UInt8>, _ buffer: inout [UInt8]) throws(JSONError) {
        try JSONAttributes.attributes(&reader, bytes, limits, &text, &buffer, &detail)
    }

    mutating func decodeRecord(_ reader: inout JSONReader, _ bytes: Span<UInt8>, _ buffer: inout [UInt8]) throws(JSONError) {
        try JSONMetrics.metric(&reader, bytes, &buffer, &self)
    }
}

/// Decodes the metrics of an OTLP/JSON `ExportMetricsServiceRequest`.
enum JSONMetrics {
    static let names = JSONContext.Names(resources: "resourceMetrics", scopes: "scopeMetrics", records: "metrics")

    private static let temporalities: [(StaticString, UInt64)] = [
        ("AGGREGATION_TEMPORALITY_DELTA", 1), ("AGGREGATION_TEMPORALITY_CUMULATIVE", 2),
    ]
    private static let types: [(StaticString, MetricType)] = [
        ("gauge", .gauge), ("sum", .sum), ("histogram", .histogram), ("exponentialHistogram", .exponentialHistogram), ("summary", .summary),
    ]

    /// Reads everything but the points first, because it may stand behind them.
    static func metric(
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        _ buffer: inout [UInt8],
        _ builder: inout MetricBuilder
    ) throws(JSONError) {
        var info = MetricInfo(name: "", unit: "", description: "", type: .gauge, temporality: .unspecified, isMonotonic: nil)
        var points = -1
        try reader.beginObject(bytes)
        while let key = try reader.nextKey(bytes, &buffer) {
            if key.matches("name", bytes, buffer) {
                info.name = try string(&reader, bytes, &builder)
            } else if key.matches("description", bytes, buffer) {
                info.description = try string(&reader, bytes, &builder)
            } else if key.matches("unit", bytes, buffer) {
                info.unit = try string(&reader, bytes, &builder)
            } else if let type = types.first(where: { key.matches($0.0, bytes, buffer) })?.1, try reader.peek(bytes) != .null {
                info.type = type
                points = try data(&reader, bytes, &buffer, &info)
            } else {
                try reader.skipValue(bytes)
            }
        }
        guard points >= 0 else { return }
        builder.setMetric(info)
        var dataPoints = reader.restarted(at: points)
        try dataPoints.beginArray(bytes)
        while try dataPoints.nextElement(bytes) {
            builder.beginPoint()
            try JSONMetricPoints.point(&dataPoints, bytes, info.type, &buffer, &builder)
            if builder.isOverLimit { throw JSONError(.limitExceeded, at: dataPoints.offset) }
        }
    }

    private static func string(
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        _ builder: inout MetricBuilder
    ) throws(JSONError) -> String {
        let ref = try JSONValues.string(&reader, bytes, &builder.text)
        return builder.text.string(ref) ?? ""
    }

    /// Reads temporality and monotonicity.
    ///
    /// - Returns: where the array of points begins, -1 when there is none.
    private static func data(
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        _ buffer: inout [UInt8],
        _ info: inout MetricInfo
    ) throws(JSONError) -> Int {
        var points = -1
        info.temporality = .unspecified
        info.isMonotonic = info.type == .sum ? false : nil
        let hasTemporality = info.type != .gauge && info.type != .summary
        try reader.beginObject(bytes)
        while let key = try reader.nextKey(bytes, &buffer) {
            if key.matches("dataPoints", bytes, buffer), try reader.peek(bytes) != .null {
                points = reader.valueStart(bytes)
                try reader.skipValue(bytes)
            } else if key.matches("aggregationTemporality", bytes, buffer), hasTemporality {
                info.temporality = MetricInfo.temporality(try JSONValues.enumeration(&reader, bytes, &buffer, temporalities))
            } else if key.matches("isMonotonic", bytes, buffer), info.type == .sum {
                info.isMonotonic = try JSONValues.bool(&reader, bytes)
            } else {
                try reader.skipValue(bytes)
            }
        }
        return points
    }
}
