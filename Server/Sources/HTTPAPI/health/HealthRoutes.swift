import Accounts
import HTTPTypes
import Hummingbird
import NIOCore

/// `GET /healthz` for whoever keeps the server running, `GET /metrics` for Prometheus, `GET /api/v1/health` for the health page.
struct HealthRoutes: Sendable {
    let authentication: Authentication
    let health: HealthService

    private struct Settled: Encodable {
        var status: String
        var settled: Bool
        var work: [HealthReport.Work]
    }

    func add(to router: Router<HearthRequestContext>) {
        router.get("healthz") { request, _ in
            guard let settled = request.uri.queryParameters["settled"], settled != "0" else { return Response.json(["status": "ok"]) }
            let work = health.work()
            var response = Response.json(
                status: work.isEmpty ? .ok : .serviceUnavailable,
                Settled(status: work.isEmpty ? "ok" : "working", settled: work.isEmpty, work: work))
            if !work.isEmpty { response.headers[.retryAfter] = "1" }
            return response
        }
        router.get("metrics") { request, _ in
            try authentication.requireOwner(request)
            let isOpenMetrics = request.headers[.accept]?.contains("application/openmetrics-text") ?? false
            let text = PrometheusText.text(health.report(), isOpenMetrics: isOpenMetrics)
            return Response(
                status: .ok,
                headers: [
                    .contentType: isOpenMetrics
                        ? "application/openmetrics-text; version=1.0.0; charset=utf-8" : "text/plain; version=0.0.4; charset=utf-8",
                    .cacheControl: "no-store",
                ],
                body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        }
        router.get("api/v1/health") { request, _ in
            try authentication.requireOwner(request)
            return Response.json(health.report())
        }
    }
}
