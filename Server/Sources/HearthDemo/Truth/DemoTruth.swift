/// What the demonstration sent, counted on the sending side, for comparison with what the server says.
public struct DemoTruth: Sendable, Equatable {
    /// A model as the server groups it.
    public struct ModelKey: Sendable, Hashable, Comparable {
        public var provider: String
        public var model: String

        public static func < (a: ModelKey, b: ModelKey) -> Bool { (a.provider, a.model) < (b.provider, b.model) }
    }

    /// Records of one service.
    public struct ServiceTruth: Sendable, Equatable {
        public internal(set) var environment: String
        /// Finished spans.
        public internal(set) var spans = 0
        /// Logfire logs, which travel as spans.
        public internal(set) var spanLogs = 0
        /// Announcements of open spans.
        public internal(set) var pendingSpans = 0
        /// OTLP log records.
        public internal(set) var logRecords = 0
        /// Spans with status ERROR or an exception event, and logs with an exception.
        public internal(set) var errors = 0
        public internal(set) var metricPoints = 0
    }

    public let seed: UInt64
    public internal(set) var traces = 0
    public internal(set) var models: [ModelKey: ModelTruth] = [:]
    public internal(set) var agents: [String: AgentTruth] = [:]
    public internal(set) var services: [String: ServiceTruth] = [:]
    public internal(set) var features: [DemoFeature: Int] = [:]

    init(seed: UInt64) {
        self.seed = seed
    }

    /// All models together.
    public var totals: ModelTruth {
        var totals = ModelTruth()
        for key in models.keys.sorted() { totals.add(models[key] ?? ModelTruth()) }
        return totals
    }

    public var spans: Int { services.values.reduce(0) { $0 + $1.spans } }
    public var pendingSpans: Int { services.values.reduce(0) { $0 + $1.pendingSpans } }
    public var logs: Int { services.values.reduce(0) { $0 + $1.spanLogs + $1.logRecords } }
    public var metricPoints: Int { services.values.reduce(0) { $0 + $1.metricPoints } }

    // MARK: Counting

    mutating func countPending(_ span: SpanDraft) {
        update(span.service) { $0.pendingSpans += 1 }
    }

    mutating func count(_ span: SpanDraft) {
        update(span.service) { service in
            if span.style == .log { service.spanLogs += 1 } else { service.spans += 1 }
            if span.isError { service.errors += 1 }
        }
        if span.parentID == 0 { traces += 1 }
        if let call = span.call { models[ModelKey(provider: call.provider, model: call.model), default: ModelTruth()].add(call) }
        if let run = span.run { agents[run.agentName, default: AgentTruth()].add(run) }
        for feature in span.features { features[feature, default: 0] += 1 }
    }

    mutating func count(_ log: LogDraft) {
        update(log.service) { service in
            service.logRecords += 1
            if log.isError { service.errors += 1 }
        }
    }

    mutating func countMetricPoints(_ points: Int, of service: DemoService) {
        update(service) { $0.metricPoints += points }
    }

    private mutating func update(_ service: DemoService, _ change: (inout ServiceTruth) -> Void) {
        change(&services[service.name, default: ServiceTruth(environment: service.environment)])
    }
}

extension DemoTruth {
    /// The text of the truth file. Money is in USD, unknown is null.
    public var jsonText: String {
        let models = models.keys.sorted().map { key in
            JSON.object([("provider", .string(key.provider)), ("model", .string(key.model))] + (self.models[key] ?? ModelTruth()).json)
        }
        let agents = agents.keys.sorted().map { name in
            JSON.object([("agent_name", .string(name))] + (self.agents[name] ?? AgentTruth()).json)
        }
        let services = services.keys.sorted().compactMap { name in
            self.services[name].map { service in
                JSON.object([
                    ("service_name", .string(name)), ("deployment_environment", .string(service.environment)),
                    ("spans", .int(service.spans)),
                    ("span_logs", .int(service.spanLogs)), ("pending_spans", .int(service.pendingSpans)),
                    ("log_records", .int(service.logRecords)),
                    ("errors", .int(service.errors)), ("metric_points", .int(service.metricPoints)),
                ])
            }
        }
        let features = DemoFeature.allCases.map { ($0.rawValue, JSON.int(self.features[$0] ?? 0)) }
        let document = JSON.object([
            ("seed", .string(String(seed))), ("traces", .int(traces)), ("spans", .int(spans)), ("pending_spans", .int(pendingSpans)),
            ("logs", .int(logs)), ("metric_points", .int(metricPoints)), ("models", .array(models)), ("agents", .array(agents)),
            ("services", .array(services)), ("features", .object(features)), ("totals", .object(totals.json)),
        ])
        return document.text + "\n"
    }
}
