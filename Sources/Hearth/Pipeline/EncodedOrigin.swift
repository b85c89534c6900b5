import OTLPWire

/// Where telemetry comes from and who made it, encoded once for all requests; the field numbers are the same for spans and metrics.
enum EncodedOrigin {
    /// The field `resource` of `ResourceSpans` and `ResourceMetrics`.
    static func resource(_ attributes: [Attribute]) -> [UInt8] {
        var writer = WireWriter()
        let message = writer.open(OTLPFields.ResourceSpans.resource)
        writer.attributes(OTLPFields.Resource.attributes, attributes.map(OTLPAttribute.init))
        writer.close(message)
        return writer.bytes
    }

    /// The field `scope` of `ScopeSpans` and `ScopeMetrics`.
    static func scope(_ scope: InstrumentationScope) -> [UInt8] {
        var writer = WireWriter()
        let message = writer.open(OTLPFields.ScopeSpans.scope)
        writer.string(OTLPFields.InstrumentationScope.name, scope.name)
        if !scope.version.isEmpty { writer.string(OTLPFields.InstrumentationScope.version, scope.version) }
        writer.close(message)
        return writer.bytes
    }
}
