import OTLPWire
import TelemetryModel

/// Decodes what the three signals have in common: resource, scope and ids.
enum ProtobufContext {
    /// Reads the attributes of the resource of a `ResourceSpans`, `ResourceLogs` or `ResourceMetrics` message into `list`.
    ///
    /// The resource may stand behind the records, hence a pass of its own.
    static func resource(
        _ bytes: Span<UInt8>,
        _ range: Range<Int>,
        _ limits: DecodeLimits,
        _ text: inout TextStore,
        _ list: inout AttributeList
    ) throws(WireError) {
        list.restart()
        var reader = WireReader(bytes, in: range)
        while let tag = try reader.next(bytes) {
            guard tag == OTLPFields.ResourceSpans.resource else {
                try reader.skip(tag, bytes)
                continue
            }
            var resource = WireReader(bytes, in: try reader.range(bytes))
            while let field = try resource.next(bytes) {
                if field == OTLPFields.Resource.attributes {
                    try ProtobufValues.attribute(bytes, try resource.range(bytes), limits, &text, &list)
                } else {
                    try resource.skip(field, bytes)
                }
            }
        }
    }

    /// Reads the scope of a `ScopeSpans`, `ScopeLogs` or `ScopeMetrics` message, its attributes into `list`.
    static func scope(
        _ bytes: Span<UInt8>,
        _ range: Range<Int>,
        _ limits: DecodeLimits,
        _ text: inout TextStore,
        _ list: inout AttributeList
    ) throws(WireError) -> (name: TextRef, version: TextRef) {
        list.restart()
        var name = TextRef.empty
        var version = TextRef.empty
        var reader = WireReader(bytes, in: range)
        while let tag = try reader.next(bytes) {
            guard tag == OTLPFields.ScopeSpans.scope else {
                try reader.skip(tag, bytes)
                continue
            }
            var scope = WireReader(bytes, in: try reader.range(bytes))
            while let field = try scope.next(bytes) {
                switch field {
                case OTLPFields.InstrumentationScope.name:
                    name = UTF8Text.reference(bytes, try scope.range(bytes), &text)
                case OTLPFields.InstrumentationScope.version:
                    version = UTF8Text.reference(bytes, try scope.range(bytes), &text)
                case OTLPFields.InstrumentationScope.attributes:
                    try ProtobufValues.attribute(bytes, try scope.range(bytes), limits, &text, &list)
                default:
                    try scope.skip(field, bytes)
                }
            }
        }
        return (name, version)
    }

    /// A trace id; invalid unless it has 16 bytes.
    static func traceID(_ bytes: Span<UInt8>, _ range: Range<Int>) -> TraceID {
        guard range.count == 16 else { return .invalid }
        return TraceID(high: bigEndian(bytes, range.lowerBound), low: bigEndian(bytes, range.lowerBound + 8))
    }

    /// A span id; none unless it has 8 bytes.
    static func spanID(_ bytes: Span<UInt8>, _ range: Range<Int>) -> SpanID {
        range.count == 8 ? SpanID(bigEndian(bytes, range.lowerBound)) : .none
    }

    private static func bigEndian(_ bytes: Span<UInt8>, _ offset: Int) -> UInt64 {
        UInt64(bigEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}
