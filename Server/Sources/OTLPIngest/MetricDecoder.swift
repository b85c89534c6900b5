import OTLPWire
public import TelemetryModel

/// Decodes the bodies of metric export requests.
public enum MetricDecoder {
    /// Decodes an `ExportMetricsServiceRequest`: one point per data point of every type, summaries included.
    ///
    /// - Parameters:
    ///   - body: the decompressed body; the batch keeps it and refers to its strings in place.
    ///   - encoding: how the body is written.
    ///   - limits: bounds on the work done for this request.
    /// - Throws: ``OTLPDecodeError`` when the body as a whole cannot be read; nothing of it is kept then.
    public static func decode(
        _ body: [UInt8],
        encoding: OTLPEncoding,
        limits: DecodeLimits = DecodeLimits()
    ) throws(OTLPDecodeError) -> MetricBatch {
        try limits.check(body)
        var builder = MetricBuilder(body: body, limits: limits)
        switch encoding {
        case .protobuf:
            do {
                try ProtobufMetrics.decode(body.span, into: &builder)
            } catch {
                throw OTLPDecodeError(error, body.span, root: .metricsData)
            }
        case .json:
            do {
                try JSONContext.decode(body.span, JSONMetrics.names, into: &builder)
            } catch {
                throw OTLPDecodeError(error, body.span)
            }
        }
        return builder.batch()
    }
}
