public import Accounts
public import HTTPAPI
import HTTPTypes
public import Hummingbird
public import Ingest
import OTLPIngest
import TelemetryModel

/// The three OTLP services over gRPC (`opentelemetry.proto.collector.*.v1.*Service/Export`): the same pipeline, budget, limits and answers as
/// OTLP/HTTP, in gRPC's framing.
///
/// gRPC is HTTP/2 with a prefix before the message and the status in the trailers. The listener's HTTP/2 already exists for OTLP/HTTP, so
/// bodies are read piece by piece under the budget that all transports share, and messages go to the decoder as the bytes they are.
public enum GRPCAPI {
    /// - Parameters:
    ///   - maximumBodyBytes: limit of a message, packed and unpacked.
    ///   - budget: the one that OTLP/HTTP uses.
    ///   - site: under which names the listener answers.
    public static func router(
        authentication: Authentication, pipeline: IngestPipeline, maximumBodyBytes: Int, budget: InFlightBudget, site: SiteRules
    ) -> Router<HearthRequestContext> {
        let router = Router(context: HearthRequestContext.self)
        router.add(middleware: GRPCErrors())
        router.add(middleware: RequestGuard(site))
        let body = BodyReader(limit: maximumBodyBytes, budget: budget)
        let services: [(name: String, signal: OTLPSignal)] = [
            ("trace.v1.TraceService", .traces), ("logs.v1.LogsService", .logs), ("metrics.v1.MetricsService", .metrics),
        ]
        for (name, signal) in services {
            let service = ExportService(signal: signal, authentication: authentication, pipeline: pipeline, body: body)
            router.post(RouterPath("opentelemetry.proto.collector.\(name)/Export")) { request, context in
                try await service.export(request, context: context)
            }
        }
        return router
    }
}
