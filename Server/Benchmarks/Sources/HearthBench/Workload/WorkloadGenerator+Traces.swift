extension WorkloadGenerator {
    private static let tools = ["search_docs", "get_customer", "run_sql", "fetch_url", "create_ticket", "read_file"]
    private static let tables = ["orders", "customers", "tickets", "documents", "inventory"]
    private static let routes = ["/api/orders/{id}", "/api/checkout", "/api/cart", "/healthz", "/api/users/{id}"]
    /// Messages longer than this are begun anew, as agents that compact their history do.
    private static let longestMessages = 8_192

    /// One agent run of `spans` spans, or of its natural size.
    mutating func agent(_ trace: inout WorkloadTrace, _ start: Int64, spans: Int?) throws(BenchError) {
        let first = truth.spans
        func full(_ truth: WorkloadTruth, _ room: Int) -> Bool { spans.map { truth.spans - first + room > $0 } ?? false }
        let usual = WorkloadModel.all[trace.random.below(WorkloadModel.all.count)]
        let root = trace.spanID()
        let name = trace.service.agentName
        let turns = 2 + trace.random.below(5)
        let conversation = "conv-\(trace.hex.prefix(12))"
        let system = part("system", text.make(&trace.random, length: trace.random.int(500...1_100)))
        var history = WorkloadHistory([system, part("user", text.make(&trace.random, length: trace.random.int(300...1_800)))])
        var (time, input, output, failed, answer) = (start + 1_000_000, 0, 0, false, "")
        var turn = 0
        while spans == nil ? turn < turns : !full(truth, 2) {
            let isLast = spans == nil && turn == turns - 1
            turn += 1
            let model = trace.random.below(10) < 8 ? usual : WorkloadModel.all[trace.random.below(WorkloadModel.all.count)]
            let call = try chat(
                &trace, model, parent: root, conversation: conversation, history: &history, system: system, isLast: isLast, time: &time,
                withHTTP: !full(truth, 3))
            input += call.input
            output += call.output
            answer = call.answer
            if call.isError {
                if spans != nil { continue }
                failed = true
                break
            }
            if isLast { break }
            for _ in 0..<trace.random.int(1...3) where !full(truth, 2) {
                let result = try tool(&trace, parent: root, time: &time, room: { !full($0, 3) })
                history.append(result)
            }
        }
        var span = SpanWriter(trace, id: root, parent: 0, name: "invoke_agent \(name)", kind: 1, start: start, end: time + 1_000_000)
        span.set("gen_ai.operation.name", "invoke_agent")
        span.set("gen_ai.agent.name", name)
        span.set("model_name", usual.name)
        span.set("agent_name", name)
        span.set("user.id", "user-\(trace.random.below(500))")
        span.set("gen_ai.conversation.id", conversation)
        span.set("gen_ai.aggregated_usage.input_tokens", input)
        span.set("gen_ai.aggregated_usage.output_tokens", output)
        span.set("logfire.msg", "\(name) run")
        span.set("logfire.span_type", "span")
        span.set("final_result", String(answer.prefix(600)))
        let all = history.text
        span.set("pydantic_ai.all_messages", all.utf8.count > Self.longestMessages ? "[]" : all)
        if failed { span.error("agent run failed") }
        try emit(span.finish(), of: trace.service)
    }

    /// One model call.
    private mutating func chat(
        _ trace: inout WorkloadTrace, _ model: WorkloadModel, parent: UInt64, conversation: String, history: inout WorkloadHistory,
        system: String, isLast: Bool, time: inout Int64, withHTTP: Bool
    ) throws(BenchError) -> (input: Int, output: Int, answer: String, isError: Bool) {
        let isError = trace.random.below(1_000) < model.errorsPerMille
        let output = isError ? 0 : trace.random.int(30...700)
        let milliseconds = 250 + (isError ? trace.random.below(3_000) : output * 1_000 / model.tokensPerSecond) + trace.random.below(400)
        // Whole microseconds: what is stored exactly, so that sums can be compared.
        let duration = Int64(milliseconds) * 1_000_000 + Int64(trace.random.below(1_000)) * 1_000
        let id = trace.spanID()
        var messages = history.text
        if messages.utf8.count > Self.longestMessages {
            history = WorkloadHistory([system])
            messages = history.text
        }
        let input = 300 + messages.utf8.count / 4
        let (answer, planted) = answer(&trace, length: 200 + output * 3, isError: isError)
        count(history.needles.union(planted))
        var span = SpanWriter(trace, id: id, parent: parent, name: "chat \(model.name)", kind: 3, start: time, end: time + duration)
        span.set("gen_ai.operation.name", "chat")
        span.set("gen_ai.system", model.provider)
        span.set("gen_ai.provider.name", model.provider)
        span.set("gen_ai.request.model", model.name)
        span.set("server.address", model.host)
        span.set("server.port", 443)
        span.set("gen_ai.request.temperature", 0.2)
        span.set("gen_ai.request.max_tokens", 1_024)
        span.set("gen_ai.agent.name", trace.service.agentName)
        span.set("gen_ai.conversation.id", conversation)
        span.set("gen_ai.input.messages", messages)
        span.set("logfire.msg", "chat \(model.name)")
        span.set("logfire.span_type", "span")
        let cost = input * model.inputRate + output * model.outputRate
        if isError {
            span.set("error.type", "ModelHTTPError")
            let message = "status_code: 529, model_name: \(model.name), body: overloaded"
            span.exception("ModelHTTPError", message, stacktrace: stacktrace(&trace, "ModelHTTPError: \(message)"), time: time + duration)
            span.error("model overloaded")
        } else {
            var parts = "{\"type\":\"text\",\"content\":\"\(answer)\"}"
            if !isLast {
                let query = text.make(&trace.random, length: 40)
                let tool = Self.tools[trace.random.below(Self.tools.count)]
                parts +=
                    ",{\"type\":\"tool_call\",\"id\":\"call_\(WorkloadTrace.hex(id))\",\"name\":\"\(tool)\",\"arguments\":{\"query\":\"\(query)\"}}"
            }
            let reply = "{\"role\":\"assistant\",\"parts\":[\(parts)],\"finish_reason\":\"\(isLast ? "stop" : "tool_call")\"}"
            span.set("gen_ai.response.model", model.name)
            span.set("gen_ai.response.id", "resp_\(WorkloadTrace.hex(id))")
            span.set("gen_ai.usage.input_tokens", input)
            span.set("gen_ai.usage.output_tokens", output)
            span.set("gen_ai.usage.cache_read.input_tokens", trace.random.below(3) == 0 ? input / 2 : 0)
            span.set("operation.cost", Double(cost) / 1e9)
            span.set("gen_ai.response.finish_reasons", list: isLast ? "stop" : "tool_call")
            span.set("gen_ai.output.messages", "[\(reply)]")
            history.append(reply, planted)
        }
        if withHTTP {
            try http(&trace, model.host, isError ? 529 : 200, parent: id, start: time + 2_000_000, end: time + duration - 2_000_000)
        }
        try emit(span.finish(), of: trace.service)
        count(model.name) { model in
            model.calls += 1
            model.durations.append(duration)
            if isError {
                model.errors += 1
            } else {
                model.inputTokens += input
                model.outputTokens += output
                model.cost += cost
            }
        }
        time += duration + 1_000_000
        return (isError ? 0 : input, output, answer, isError)
    }

    /// An answer of a model, and the needles in it. A needle takes the place of as much text, so that sizes stay what they are.
    private func answer(_ trace: inout WorkloadTrace, length: Int, isError: Bool) -> (String, Set<WorkloadNeedle>) {
        var planted: Set<WorkloadNeedle> = []
        var needles = ""
        for needle in WorkloadNeedle.allCases where trace.random.below(needle.odds) == 0 && !isError {
            planted.insert(needle)
            needles += needle.planted(isCapital: trace.random.below(2) == 0)
        }
        return (text.make(&trace.random, length: length - needles.utf8.count) + needles, planted)
    }

    /// One tool with its database spans.
    ///
    /// - Returns: the message with the tool's answer.
    private mutating func tool(_ trace: inout WorkloadTrace, parent: UInt64, time: inout Int64, room: (WorkloadTruth) -> Bool)
        throws(BenchError) -> String
    {
        let name = Self.tools[trace.random.below(Self.tools.count)]
        let id = trace.spanID()
        let fails = trace.random.below(1_000) < 20
        let duration = Int64(trace.random.int(5...900)) * 1_000_000
        let result = text.make(&trace.random, length: trace.random.int(150...1_350))
        for index in 0..<trace.random.below(3) where room(truth) {
            try database(&trace, parent: id, start: time + Int64(index + 1) * 1_000_000, duration: duration / 4)
        }
        var span = SpanWriter(trace, id: id, parent: parent, name: "execute_tool \(name)", kind: 1, start: time, end: time + duration)
        span.set("gen_ai.operation.name", "execute_tool")
        span.set("gen_ai.tool.name", name)
        span.set("gen_ai.tool.call.id", "call_\(WorkloadTrace.hex(id))")
        span.set("gen_ai.tool.call.arguments", "{\"query\":\"\(text.make(&trace.random, length: trace.random.int(60...220)))\"}")
        if !fails { span.set("gen_ai.tool.call.result", result) }
        span.set("gen_ai.agent.name", trace.service.agentName)
        span.set("logfire.msg", "running tool: \(name)")
        span.set("logfire.span_type", "span")
        if fails {
            let message = "bad arguments for \(name)"
            span.exception("ToolRetryError", message, stacktrace: stacktrace(&trace, "ToolRetryError: \(message)"), time: time + duration)
            span.error("tool failed")
        }
        try emit(span.finish(), of: trace.service)
        time += duration + 500_000
        return
            "{\"role\":\"user\",\"parts\":[{\"type\":\"tool_call_response\",\"id\":\"call_\(WorkloadTrace.hex(id))\",\"response\":\"\(result.prefix(400))\"}]}"
    }

    private mutating func http(_ trace: inout WorkloadTrace, _ host: String, _ status: Int, parent: UInt64, start: Int64, end: Int64)
        throws(BenchError)
    {
        var span = SpanWriter(trace, id: trace.spanID(), parent: parent, name: "POST", kind: 3, start: start, end: end)
        span.set("http.request.method", "POST")
        span.set("url.full", "https://\(host)/v1/chat/completions")
        span.set("server.address", host)
        span.set("server.port", 443)
        span.set("http.response.status_code", status)
        span.set("network.protocol.version", "1.1")
        span.set("http.request.body.size", trace.random.int(800...9_000))
        if status >= 400 {
            span.set("error.type", String(status))
            span.error("")
        }
        try emit(span.finish(), of: trace.service)
    }

    private mutating func database(_ trace: inout WorkloadTrace, parent: UInt64, start: Int64, duration: Int64) throws(BenchError) {
        let table = Self.tables[trace.random.below(Self.tables.count)]
        var span = SpanWriter(
            trace, id: trace.spanID(), parent: parent, name: "SELECT \(table)", kind: 3, start: start, end: start + duration)
        span.set("db.system.name", "postgresql")
        span.set("db.operation.name", "SELECT")
        span.set("db.collection.name", table)
        span.set(
            "db.query.text",
            "SELECT * FROM \(table) WHERE id = $1 AND tenant = $2 ORDER BY created_at DESC LIMIT \(trace.random.int(1...100))")
        span.set("server.address", "db.internal")
        span.set("server.port", 5_432)
        span.set("db.response.returned_rows", trace.random.below(100))
        try emit(span.finish(), of: trace.service)
    }

    /// A plain web request with its database spans.
    mutating func web(_ trace: inout WorkloadTrace, _ start: Int64) throws(BenchError) {
        let root = trace.spanID()
        let route = Self.routes[trace.random.below(Self.routes.count)]
        let fails = trace.random.below(100) < 2
        var time = start + 200_000
        for _ in 0..<trace.random.int(3...10) {
            let duration = Int64(trace.random.int(1...40)) * 1_000_000
            try database(&trace, parent: root, start: time, duration: duration)
            time += duration + 100_000
        }
        var span = SpanWriter(trace, id: root, parent: 0, name: "GET \(route)", kind: 2, start: start, end: time + 300_000)
        span.set("http.request.method", "GET")
        span.set("http.route", route)
        span.set("url.path", route)
        span.set("url.scheme", "https")
        span.set("http.response.status_code", fails ? 500 : 200)
        span.set("client.address", "10.1.2.\(trace.random.below(255))")
        span.set("user_agent.original", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36")
        span.set("logfire.msg", "GET \(route)")
        if fails {
            span.exception(
                "TimeoutError", "upstream timed out", stacktrace: stacktrace(&trace, "TimeoutError: upstream timed out"), time: time)
            span.error("")
        }
        try emit(span.finish(), of: trace.service)
    }

    private func part(_ role: String, _ content: String) -> String {
        "{\"role\":\"\(role)\",\"parts\":[{\"type\":\"text\",\"content\":\"\(content)\"}]}"
    }

    private func stacktrace(_ trace: inout WorkloadTrace, _ last: String) -> String {
        var lines = "Traceback (most recent call last):\n"
        for _ in 0..<trace.random.int(4...11) {
            let (file, function, call) = (text.word(&trace.random), text.word(&trace.random), text.word(&trace.random))
            lines +=
                "  File \"/app/src/\(file).py\", line \(trace.random.below(900)), in \(function)\n    result = await \(call)(request)\n"
        }
        return lines + last
    }
}
