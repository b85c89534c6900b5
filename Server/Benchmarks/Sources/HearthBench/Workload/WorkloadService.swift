import OTLPWire

/// The four programs of the workload; each body holds spans of one of them, as an SDK would send them.
enum WorkloadService: Int, CaseIterable {
    case supportBot
    case researchAgent
    case codeAgent
    case checkoutAPI

    var name: String {
        switch self {
        case .supportBot: "support-bot"
        case .researchAgent: "research-agent"
        case .codeAgent: "code-agent"
        case .checkoutAPI: "checkout-api"
        }
    }

    var agentName: String {
        switch self {
        case .supportBot: "support_agent"
        case .researchAgent: "research_agent"
        case .codeAgent: "coder"
        case .checkoutAPI: "triage_agent"
        }
    }

    private var scope: String { self == .checkoutAPI ? "opentelemetry.instrumentation.fastapi" : "pydantic-ai" }

    /// `ExportTraceServiceRequest` around encoded `Span` messages.
    func request(_ spans: [[UInt8]]) -> [UInt8] {
        var writer = WireWriter(capacity: spans.reduce(1_024) { $0 + $1.count + 8 })
        let resourceSpans = writer.open(OTLPFields.TracesData.resourceSpans)
        let resource = writer.open(OTLPFields.ResourceSpans.resource)
        let attributes = [
            ("service.name", name), ("service.version", "1.4.2"),
            ("deployment.environment.name", self == .checkoutAPI ? "staging" : "production"), ("telemetry.sdk.language", "python"),
            ("telemetry.sdk.name", "opentelemetry"), ("telemetry.sdk.version", "1.45.1"), ("host.name", "node-\(rawValue)"),
            ("service.instance.id", "0b5f8e6c-77aa-4c11-9f6e-00000000000\(rawValue)"),
        ]
        for (key, value) in attributes { writer.attribute(OTLPFields.Resource.attributes, key, value) }
        writer.attribute(OTLPFields.Resource.attributes, "process.pid", 4_000 + rawValue)
        writer.close(resource)
        let scopeSpans = writer.open(OTLPFields.ResourceSpans.scopeSpans)
        let scope = writer.open(OTLPFields.ScopeSpans.scope)
        writer.string(OTLPFields.InstrumentationScope.name, self.scope)
        writer.string(OTLPFields.InstrumentationScope.version, "1.22.0")
        writer.close(scope)
        for span in spans { writer.bytes(OTLPFields.ScopeSpans.spans, span) }
        writer.close(scopeSpans)
        writer.close(resourceSpans)
        return writer.bytes
    }
}
