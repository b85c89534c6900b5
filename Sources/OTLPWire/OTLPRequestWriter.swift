/// Where telemetry comes from: OTLP `Resource` and the schema it follows.
public struct OTLPResource: Sendable, Hashable {
    /// Attributes such as `service.name`.
    public var attributes: [OTLPAttribute]
    /// Written only when not empty.
    public var schemaURL: String

    /// A resource.
    public init(attributes: [OTLPAttribute], schemaURL: String = "") {
        self.attributes = attributes
        self.schemaURL = schemaURL
    }
}

/// The instrumentation that made telemetry: OTLP `InstrumentationScope`.
public struct OTLPScope: Sendable, Hashable {
    /// Name of the library or part of the program; empty when unknown.
    public var name: String
    /// Written only when not empty.
    public var version: String
    /// Attributes of the scope itself.
    public var attributes: [OTLPAttribute]

    /// A scope.
    public init(name: String, version: String = "", attributes: [OTLPAttribute] = []) {
        self.name = name
        self.version = version
        self.attributes = attributes
    }
}

/// A W3C trace id as two big-endian halves.
public struct OTLPTraceID: Sendable, Hashable {
    /// The first eight bytes.
    public var high: UInt64
    /// The last eight bytes.
    public var low: UInt64

    /// An id from its halves, which must not both be zero.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}

/// The two outer levels that the requests of all signals share: resources and the scopes in them.
///
/// The field numbers are the same for the three signals, so those of traces serve all.
struct OTLPRequestWriter: Sendable {
    var writer = WireWriter()
    private var resource: WireWriter.Message?
    private var scope: WireWriter.Message?
    private var schemaURL = ""

    mutating func begin(_ new: OTLPResource) {
        endResource()
        schemaURL = new.schemaURL
        resource = writer.open(OTLPFields.TracesData.resourceSpans)
        let message = writer.open(OTLPFields.ResourceSpans.resource)
        writer.attributes(OTLPFields.Resource.attributes, new.attributes)
        writer.close(message)
    }

    mutating func begin(_ new: OTLPScope) {
        if resource == nil { begin(OTLPResource(attributes: [])) }
        endScope()
        scope = writer.open(OTLPFields.ResourceSpans.scopeSpans)
        let message = writer.open(OTLPFields.ScopeSpans.scope)
        writer.string(OTLPFields.InstrumentationScope.name, new.name)
        if !new.version.isEmpty { writer.string(OTLPFields.InstrumentationScope.version, new.version) }
        writer.attributes(OTLPFields.InstrumentationScope.attributes, new.attributes)
        writer.close(message)
    }

    /// Opens a span, log record or metric.
    mutating func beginRecord() -> WireWriter.Message {
        if scope == nil { begin(OTLPScope(name: "")) }
        return writer.open(OTLPFields.ScopeSpans.spans)
    }

    private mutating func endScope() {
        if let scope { writer.close(scope) }
        scope = nil
    }

    private mutating func endResource() {
        endScope()
        guard let resource else { return }
        if !schemaURL.isEmpty { writer.string(OTLPFields.ResourceSpans.schemaURL, schemaURL) }
        writer.close(resource)
        self.resource = nil
    }

    /// The whole request. Afterwards the writer is empty.
    mutating func finish() -> [UInt8] {
        endResource()
        let bytes = writer.bytes
        writer = WireWriter()
        return bytes
    }
}
