import OTLPWire
public import TelemetryModel

/// The three OTLP signals.
public enum OTLPSignal: Sendable, Hashable {
    case traces, logs, metrics
}

/// The answer to an accepted export request: `Export…ServiceResponse` (OTLP specification, "Partial Success").
public enum ExportResponse {
    /// Encodes the answer for a request whose records were stored except `rejections`.
    ///
    /// - Parameters:
    ///   - rejections: the records left out; none gives an empty response (no bytes, or `{}`).
    ///   - signal: which of the three responses, they differ in JSON only.
    ///   - encoding: that of the request.
    public static func encode(_ rejections: Rejections, signal: OTLPSignal, encoding: OTLPEncoding) -> [UInt8] {
        switch encoding {
        case .protobuf:
            guard rejections.count > 0 else { return [] }
            var writer = WireWriter()
            let partial = writer.open(OTLPFields.ExportResponse.partialSuccess)
            writer.int(OTLPFields.PartialSuccess.rejected, Int64(rejections.count))
            if let reason = rejections.firstReason { writer.string(OTLPFields.PartialSuccess.errorMessage, reason) }
            writer.close(partial)
            return writer.bytes
        case .json:
            guard rejections.count > 0 else { return Array("{}".utf8) }
            var out: [UInt8] = []
            JSONText.append("{\"partialSuccess\":{\"", to: &out)
            switch signal {
            case .traces: JSONText.append("rejectedSpans", to: &out)
            case .logs: JSONText.append("rejectedLogRecords", to: &out)
            case .metrics: JSONText.append("rejectedDataPoints", to: &out)
            }
            // 64-bit integers are strings in the protobuf JSON mapping.
            out.append(contentsOf: "\":\"\(rejections.count)\"".utf8)
            if let reason = rejections.firstReason {
                JSONText.append(",\"errorMessage\":", to: &out)
                JSONText.appendString(reason, to: &out)
            }
            JSONText.append("}}", to: &out)
            return out
        }
    }
}

/// `google.rpc.Status`, the body of every OTLP/HTTP error response (OTLP specification, "Failures").
public enum RPCStatus {
    /// Encodes a status.
    ///
    /// - Parameters:
    ///   - code: a gRPC status code, for example 3 (invalid argument) or 14 (unavailable).
    ///   - message: for the developer; no secrets.
    ///   - retryAfter: seconds for a `google.rpc.RetryInfo`, which tells senders to try again; protobuf only, JSON has the HTTP header.
    ///   - encoding: that of the request.
    public static func encode(code: Int32, message: String, retryAfter: Int? = nil, encoding: OTLPEncoding) -> [UInt8] {
        switch encoding {
        case .protobuf:
            var writer = WireWriter()
            if code != 0 { writer.int(.varint(1), Int64(code)) }
            if !message.isEmpty { writer.string(.bytes(2), message) }
            if let retryAfter {
                let details = writer.open(.bytes(3))
                writer.string(.bytes(1), "type.googleapis.com/google.rpc.RetryInfo")
                let info = writer.open(.bytes(2))
                let delay = writer.open(.bytes(1))
                writer.int(.varint(1), Int64(retryAfter))
                writer.close(delay)
                writer.close(info)
                writer.close(details)
            }
            return writer.bytes
        case .json:
            var out: [UInt8] = []
            out.append(contentsOf: "{\"code\":\(code),\"message\":".utf8)
            JSONText.appendString(message, to: &out)
            out.append(0x7d)
            return out
        }
    }
}
