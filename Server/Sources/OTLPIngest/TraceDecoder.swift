import OTLPWire
public import TelemetryModel

/// Decodes the bodies of trace export requests.
public enum TraceDecoder {
    /// Decodes an `ExportTraceServiceRequest`.
    ///
    /// Spans without a valid trace or span id are counted in the batch's `rejected`; everything else becomes a row.
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
    ) throws(OTLPDecodeError) -> RecordBatch {
        try limits.check(body)
        var builder = RecordBuilder(.traces, body: body, limits: limits)
        switch encoding {
        case .protobuf:
            do {
                try ProtobufTraces.decode(body.span, into: &builder)
            } catch {
                throw OTLPDecodeError(error, body.span, root: .tracesData)
            }
        case .json:
            do {
                try JSONContext.decode(body.span, JSONTraces.names, into: &builder)
            } catch {
                throw OTLPDecodeError(error, body.span)
            }
        }
        return builder.batch()
    }
}
