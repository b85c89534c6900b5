/// A customer writes to support: gateway, then an agent that looks things up in several turns.
enum SupportChat {
    /// Where the conversation stands after a turn.
    private struct Conversation {
        var id: String
        var history: [JSON]
    }

    static func tell(_ stage: inout Stage, _ variant: Scenario.SupportVariant) -> [TraceDraft] {
        var first = stage.begin(.webGateway)
        let story = first.random.pick(SupportStory.all(orderID: first.random.int(48_000...49_999)))
        var conversation: Conversation?
        request(&first, text: story.question) { trace in
            conversation = firstTurn(&trace, story, variant)
            return conversation == nil
                ? RouteAnswer(
                    status: 500, exception: .modelHTTPError(status: 503, model: "gpt-4o", body: overloaded, module: "support_agent"))
                : RouteAnswer()
        }
        var traces = [first.finish()]
        guard variant == .twoTurns, let conversation else { return traces }

        // The customer reads the answer and writes again.
        let pause = Double(traces[0].end - stage.start) / 1e9 + stage.random.double(4...7)
        var second = stage.begin(.webGateway, later: pause)
        request(&second, text: story.followUp) { trace in
            secondTurn(&trace, story, conversation)
            return RouteAnswer()
        }
        traces.append(second.finish())
        return traces
    }

    private static let overloaded =
        "{'message': 'The engine is currently overloaded, please try again later', 'type': 'server_error', 'code': 'overloaded'}"

    /// The chat request through the gateway to the agent's service.
    private static func request(_ trace: inout TraceBuilder, text: String, _ body: (inout TraceBuilder) -> RouteAnswer) {
        let session = trace.random.int(1_000...9_999)
        let chat = RouteRequest(
            method: "POST", route: "/api/chat", path: "/api/chat", function: "chat",
            arguments: .object([("message", .object([("session", .int(session)), ("text", .string(text))]))]))
        trace.serve(chat, userAgent: "acme-shop/7.2 (iPhone)") { trace in
            trace.redis("GET", "session:\(session)")
            let run = RouteRequest(
                method: "POST", route: "/run", path: "/run", function: "run", arguments: .object([("session", .int(session))]))
            let answer = trace.call(.supportAgent, run, body)
            guard answer.status < 500 else {
                let exception = PythonException.badGateway("support-agent")
                trace.log(.error, "support agent failed for session {session}", [Attribute("session", .int(session))], exception: exception)
                return RouteAnswer(status: 502, exception: exception)
            }
            trace.redis("SET", "session:\(session)", "…", "EX", "3600")
            return answer
        }
    }

    private static func conversationSpan(
        _ trace: inout TraceBuilder, _ story: SupportStory, turn: Int, _ body: (inout TraceBuilder, Int) -> Void
    ) {
        var attributes = AttributeList()
        attributes.set(contentsOf: trace.sourceLine(of: "support turn"))
        attributes.argument("customer", .string(story.customer))
        attributes.argument("order_id", .int(story.orderID))
        attributes.argument("turn", .int(turn))
        trace.span("support turn for {customer}", message: "support turn for \(story.customer)", attributes: attributes) { trace, index in
            trace[index].tags = ["support", trace.random.pick(["eu", "eu", "us"])]
            body(&trace, index)
        }
    }

    /// - Returns: the conversation so far, or nil when the model failed.
    private static func firstTurn(_ trace: inout TraceBuilder, _ story: SupportStory, _ variant: Scenario.SupportVariant) -> Conversation? {
        var conversation: Conversation?
        conversationSpan(&trace, story, turn: 1) { trace, index in
            var session = trace.startRun(.support, prompt: story.question)
            var options = ChatOptions()
            if variant == .rateLimited { options.rateLimited = trace.random.int(1...2) }
            if variant == .modelDown { options.failure = (503, overloaded) }
            for (number, step) in story.steps.enumerated() {
                // The provider caches the instructions and tools once it has seen them.
                if number > 0 { options = ChatOptions(cachedShare: 0.5) }
                let reply = trace.chat(&session, .tools(step.calls, preface: step.preface), options)
                guard case .tools(let calls, _)? = reply else {
                    let failure = session.failed
                    trace.endRun(session, result: nil)
                    if let failure { trace.record(failure, on: index, escaped: true) }
                    return
                }
                if variant == .toolRetry, number == 0, let call = calls.first {
                    trace.failTool(&session, call, .databaseTimeout(tool: call.name), retry: "The database is busy, try again.") { trace in
                        trace.query("SELECT * FROM orders WHERE id = %(id)s FOR UPDATE", seconds: 0.8...1.2, canceled: true)
                    }
                    trace.log(.warn, "{tool} timed out, the model tries again", [Attribute("tool", .string(call.name))])
                    let again = trace.chat(&session, .tools(step.calls, preface: nil), ChatOptions(cachedShare: 0.5))
                    trace.runTools(&session, again, work)
                } else {
                    trace.runTools(&session, reply, work)
                }
            }
            _ = trace.chat(&session, .text(story.answer), ChatOptions(streamed: true, cachedShare: 0.6))
            conversation = Conversation(id: session.conversationID, history: session.messages)
            if session.truth.turns > 2 { trace[session.span].features.append(.toolLoop) }
            trace.endRun(session, result: .string(story.answer))
            trace.log(
                .info, "answered {customer} with {length} characters",
                [Attribute("customer", .string(story.customer)), Attribute("length", .int(story.answer.count))])
        }
        return conversation
    }

    private static func secondTurn(_ trace: inout TraceBuilder, _ story: SupportStory, _ conversation: Conversation) {
        conversationSpan(&trace, story, turn: 2) { trace, _ in
            var session = trace.startRun(.support, prompt: story.followUp, conversationID: conversation.id, history: conversation.history)
            _ = trace.chat(&session, .text(story.followUpAnswer), ChatOptions(streamed: true, cachedShare: 0.8))
            trace[session.span].features.append(.twoTurnConversation)
            trace.endRun(session, result: .string(story.followUpAnswer))
        }
    }

    /// What the tools do behind the scenes.
    private static func work(_ trace: inout TraceBuilder, _ call: ToolCall) {
        switch call.name {
        case "lookup_order":
            trace.query("SELECT id, status, carrier FROM orders WHERE id = %(id)s")
            trace.query("SELECT sku, quantity, price FROM order_items WHERE order_id = %(id)s")
        case "track_parcel": trace.fetch("GET", host: "api.postnord.example", path: "/v1/parcels", seconds: 0.15...0.7)
        case "search_help_center":
            trace.query("SELECT title, body FROM articles ORDER BY embedding <=> %(query)s LIMIT 3", seconds: 0.01...0.08)
        case "create_refund": trace.fetch("POST", host: "pay.example.net", path: "/v2/refunds", seconds: 0.2...0.8)
        case "list_payments": trace.fetch("GET", host: "pay.example.net", path: "/v2/charges", seconds: 0.1...0.5)
        default: trace.query("UPDATE orders SET address = %(address)s WHERE id = %(id)s")
        }
    }
}
