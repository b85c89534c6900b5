import OTLPWire
public import TelemetryModel

/// Decodes the bodies of log export requests.
public enum LogDecoder {
    /// Decodes an `ExportLogsServiceRequest` into rows of kind log with `isOTLPLog` set.
    ///
    /// Row ids are derived from the records' content (`acceptance.md` A4), so decoding the same body again gives the same rows.
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
        var builder = RecordBuilder(.logs, body: body, limits: limits)
        switch encoding {
        case .protobuf:
            do {
                try ProtobufLogs.decode(body.span, into: &builder)
            } catch {
                throw OTLPDecodeError(error, body.span, root: .logsData)
            }
        case .json:
            do {
                try JSONContext.decode(body.span, JSONLogs.names, into: &builder)
            } catch {
                throw OTLPDecodeError(error, body.span)
            }
        }
        return builder.batch()
    }
}
