/// A request to a FastAPI route.
struct RouteRequest: Sendable {
    var method: String
    var route: String
    /// The path as requested.
    var path: String
    var query: [(String, String)] = []
    /// The endpoint's Python function.
    var function: String
    /// What the endpoint received.
    var arguments: JSON

    /// As the logfire SDK words it: `POST /ask ? q='…'`.
    func message(host: String = "") -> String {
        let values = query.map { "\($0.0)='\($0.1.count > 20 ? "\($0.1.prefix(8))...\($0.1.suffix(8))" : $0.1)'" }
        return "\(method) \(host)\(path)" + (values.isEmpty ? "" : " ? " + values.joined(separator: " & "))
    }

    var target: String {
        query.isEmpty
            ? path : path + "?" + query.map { "\($0.0)=\($0.1.split(separator: " ").joined(separator: "+"))" }.joined(separator: "&")
    }
}

/// How a route answered.
struct RouteAnswer: Sendable {
    var status = 200
    var exception: PythonException?
}

extension TraceBuilder {
    /// The server span of a FastAPI route in the current process.
    mutating func serve(_ request: RouteRequest, userAgent: String, _ body: (inout TraceBuilder) -> RouteAnswer) {
        var attributes = AttributeList()
        attributes.set("http.scheme", "http")
        attributes.set("http.host", "\(service.host):\(service.port)")
        attributes.set("net.host.port", service.port)
        attributes.set("http.flavor", "1.1")
        attributes.set("http.target", request.path)
        attributes.set("http.url", service.baseURL + request.target)
        attributes.set("http.method", request.method)
        attributes.set("http.server_name", "\(service.host):\(service.port)")
        attributes.set("http.user_agent", userAgent)
        attributes.set("net.peer.ip", "10.4.0.\(random.int(2...200))")
        attributes.set("net.peer.port", random.int(32_768...60_999))
        attributes.set("http.route", request.route)
        let index = open("\(request.method) \(request.route)", .fastAPI, kind: .server, message: request.message(), attributes: attributes)
        wait(0.0003...0.002)
        let answer = body(&self)
        wait(0.0002...0.002)
        self[index].closing.argument("fastapi.route.name", .string(request.function))
        self[index].closing.json("fastapi.arguments.values", request.arguments)
        self[index].closing.json("fastapi.arguments.errors", [])
        self[index].closing.set("http.status_code", answer.status)
        if let exception = answer.exception { record(exception, on: index, escaped: false) }
        if answer.status >= 500 {
            self[index].status = .error
            self[index].level = .error
        } else if answer.status >= 400 {
            self[index].level = .warn
        }
        close(index)
    }

    /// An HTTPX request from this process to another of the shop's services.
    mutating func call(_ target: DemoService, _ request: RouteRequest, _ body: (inout TraceBuilder) -> RouteAnswer) -> RouteAnswer {
        var answer = RouteAnswer()
        exchange(request.method, url: target.baseURL + request.target, message: request.message(host: target.host)) { trace in
            trace.wait(0.0005...0.003)
            trace.inside(target) { trace in
                trace.serve(request, userAgent: "python-httpx/0.28.1") { trace in
                    answer = body(&trace)
                    return answer
                }
            }
            trace.wait(0.0005...0.003)
            return answer.status
        }
        return answer
    }

    /// An HTTPX request to somebody else's server.
    mutating func fetch(_ method: String, host: String, path: String, seconds: ClosedRange<Double>, status: Int = 200) {
        exchange(method, url: "https://\(host)\(path)", message: "\(method) \(host)\(path)") { trace in
            trace.wait(seconds)
            return status
        }
    }

    private mutating func exchange(_ method: String, url: String, message: String, _ body: (inout TraceBuilder) -> Int) {
        var attributes = AttributeList()
        attributes.set("http.method", method)
        attributes.set("http.url", url)
        attributes.set(contentsOf: baggage)
        let index = open(method, .httpx, kind: .client, message: message, attributes: attributes)
        let status = body(&self)
        self[index].closing.set("http.status_code", status)
        if status >= 400 {
            self[index].status = .error
            self[index].level = .error
        }
        close(index)
    }
}
