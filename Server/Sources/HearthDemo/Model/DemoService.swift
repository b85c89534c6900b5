/// An instrumentation scope: the library that made the span.
struct DemoScope: Sendable, Hashable {
    var name: String
    var version: String

    static let logfire = DemoScope(name: "logfire", version: "5.2.0")
    static let openAI = DemoScope(name: "logfire.openai", version: "5.2.0")
    static let anthropic = DemoScope(name: "logfire.anthropic", version: "5.2.0")
    static let anthropicSDK = DemoScope(name: "com.anthropic.sdk.python", version: "2.11.0")
    static let pydanticAI = DemoScope(name: "pydantic-ai", version: "2.62.0")
    static let fastAPI = DemoScope(name: "opentelemetry.instrumentation.fastapi", version: "0.66b1")
    static let httpx = DemoScope(name: "opentelemetry.instrumentation.httpx", version: "0.66b1")
    static let redis = DemoScope(name: "opentelemetry.instrumentation.redis", version: "0.66b1")
    static let sqlAlchemy = DemoScope(name: "opentelemetry.instrumentation.sqlalchemy", version: "0.66b1")
    static let billing = DemoScope(name: "billing.jobs", version: "3.0.1")
}

/// The programs that send.
enum DemoService: Int, CaseIterable, Sendable {
    /// The shop's public FastAPI application.
    case webGateway
    /// Answers customers with Pydantic AI agents.
    case supportAgent
    /// Answers questions from the help centre: retrieval and a streamed answer through the OpenAI client.
    case ragWorker
    /// Several agents that delegate to each other, and a daily digest through the Anthropic client.
    case marketResearch
    /// Background jobs with a plain OpenTelemetry SDK and no model.
    case billingWorker

    var name: String {
        switch self {
        case .webGateway: "web-gateway"
        case .supportAgent: "support-agent"
        case .ragWorker: "rag-worker"
        case .marketResearch: "market-research"
        case .billingWorker: "billing-worker"
        }
    }

    var version: String {
        switch self {
        case .webGateway: "2.3.1"
        case .supportAgent: "1.8.0"
        case .ragWorker: "0.9.2"
        case .marketResearch: "0.4.0"
        case .billingWorker: "3.0.1"
        }
    }

    var environment: String {
        switch self {
        case .webGateway, .supportAgent, .ragWorker: "production"
        case .marketResearch: "staging"
        case .billingWorker: "development"
        }
    }

    /// Where the other services reach it.
    var host: String { "\(name).acme.internal" }
    var port: Int { 8000 + rawValue }
    var baseURL: String { "http://\(host):\(port)" }

    /// Sends through the logfire SDK.
    var usesLogfire: Bool { self != .billingWorker }

    /// The resource attributes its SDK reports.
    ///
    /// - Parameter instance: `service.instance.id`, new for each start of the process.
    func resource(instance: String) -> [Attribute] {
        var attributes = [
            Attribute("process.runtime.name", "cpython"), Attribute("process.runtime.version", "3.11.7"),
            Attribute("host.name", .string("node-\(rawValue + 1)")), Attribute("host.arch", "x86_64"), Attribute("os.type", "linux"),
            Attribute("service.instance.id", .string(instance)), Attribute("telemetry.sdk.language", "python"),
            Attribute("telemetry.sdk.name", "opentelemetry"), Attribute("telemetry.sdk.version", "1.45.1"),
            Attribute("service.name", .string(name)), Attribute("service.version", .string(version)),
            Attribute("deployment.environment.name", .string(environment)), Attribute("process.pid", .int(4_100 + rawValue)),
        ]
        if usesLogfire { attributes.append(Attribute("logfire.version", "5.2.0")) }
        return attributes
    }
}
