import Hummingbird

/// `GET /healthz`: 200 once requests are served.
struct HealthRoutes: Sendable {
    func add(to router: Router<HearthRequestContext>) {
        router.get("healthz") { _, _ in Response.json(["status": "ok"]) }
    }
}
