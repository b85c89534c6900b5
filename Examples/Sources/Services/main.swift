// A gateway and a worker, two services whose work on a request is one trace: async-http-client sends the place in the trace along, and the worker goes
// on from there. The gateway uses Hearth's middleware, the worker Hummingbird's own.
import AsyncHTTPClient
import Hearth
import HearthHummingbird
import HearthTracing
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import Tracing

let role = CommandLine.arguments.dropFirst().first ?? "gateway"
let workerURL = CommandLine.arguments.dropFirst(2).first ?? "http://127.0.0.1:8001"

try Hearth.configure { $0.serviceName = role }
// Before the first client is made: clients take the tracer that is there then.
InstrumentationSystem.bootstrap(HearthTracer())

let router = Router()
if role == "worker" {
    router.middlewares.add(TracingMiddleware(recordingHeaders: [.contentType]))
    router.post("/run/{agent}") { request, context -> String in
        let text = String(buffer: try await request.body.collect(upTo: 64 * 1024))
        let agent = try context.parameters.require("agent")
        return try Hearth.span("agent run of {agent}", ["agent": agent]) { _ in
            guard text != "break" else { throw HTTPError(.serviceUnavailable, message: "the agent is tired") }
            Hearth.info("thinking about {query}", ["query": text])
            return #"{"output": "done"}"#
        }
    }
} else {
    router.middlewares.add(HearthMiddleware(capture: .all, excludedPaths: ["/healthz"]))
    router.get("/healthz") { _, _ in "ok" }
    router.get("/orders/{id}") { _, context -> String in
        guard let id = Int(context.parameters.get("id") ?? ""), id < 1000 else { throw HTTPError(.notFound, message: "no such order") }
        return "order \(id)"
    }
    router.get("/crash") { _, _ -> String in throw CancellationError() }
    router.post("/analyze") { request, _ -> Response in
        let query = try await request.body.collect(upTo: 64 * 1024)
        var outgoing = HTTPClientRequest(url: workerURL + "/run/market")
        outgoing.method = .POST
        outgoing.headers.add(name: "content-type", value: "text/plain")
        outgoing.body = .bytes(query)
        let answer = try await HTTPClient.shared.execute(outgoing, timeout: .seconds(10))
        let body = try await answer.body.collect(upTo: 64 * 1024)
        return Response(
            status: .init(code: Int(answer.status.code)), headers: [.contentType: "application/json"], body: .init(byteBuffer: body))
    }
}

let application = Application(
    router: router,
    configuration: .init(address: .hostname("127.0.0.1", port: 0)),
    onServerRunning: { channel in
        print("listening on \(channel.localAddress?.port ?? 0)")
        // A pipe would keep the line until the end.
        flushOutput()
    },
    logger: Logger(label: "services")
)
try await application.runService()
