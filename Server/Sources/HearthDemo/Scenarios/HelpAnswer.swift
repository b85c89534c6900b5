/// A question to the help centre: the prompt is built from retrieved passages, then the model answers, streamed or not.
enum HelpAnswer {
    static func tell(_ stage: inout Stage, streamed: Bool) -> [TraceDraft] {
        var trace = stage.begin(.webGateway)
        let help = trace.random.pick(HelpQuestion.all)
        let session = trace.random.int(1_000...9_999)
        // The second question of a session brings the first one along.
        let isFollowUp = trace.random.chance(0.35)
        let ask = RouteRequest(
            method: "GET", route: "/api/ask", path: "/api/ask", query: [("q", isFollowUp ? help.followUp : help.question)], function: "ask",
            arguments: .object([("q", .string(isFollowUp ? help.followUp : help.question))]))
        trace.serve(ask, userAgent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 15_2) AppleWebKit/605.1.15 Version/18.2 Safari/605.1.15") {
            trace in
            let answer = RouteRequest(
                method: "POST", route: "/answer", path: "/answer", function: "answer", arguments: .object([("session", .int(session))]))
            return trace.call(.ragWorker, answer) { trace in
                tellAnswer(&trace, help, session: session, isFollowUp: isFollowUp, streamed: streamed)
                return RouteAnswer()
            }
        }
        return [trace.finish()]
    }

    private static func tellAnswer(_ trace: inout TraceBuilder, _ help: HelpQuestion, session: Int, isFollowUp: Bool, streamed: Bool) {
        let question = isFollowUp ? help.followUp : help.question
        let version = trace.random.pick(["faq-v9", "faq-v9", "faq-v10"])
        var attributes = AttributeList()
        attributes.set(contentsOf: trace.sourceLine(of: "rag.answer"))
        attributes.argument("question", .string(question))
        attributes.argument("prompt_version", .string(version))
        attributes.argument("tenant_id", .string(trace.random.pick(["t-acme", "t-acme", "t-globex"])))
        trace.span("rag.answer", attributes: attributes) { trace, index in
            trace[index].tags = ["rag"]
            buildPrompt(&trace, question, passages: help.articles.count)
            trace.show(.promptBuild)
            let context = help.articles.enumerated().map { "[\($0.offset + 1)] \($0.element)" }.joined(separator: "\n")
            var messages: [JSON] = [Message.system(HelpQuestion.instructions)]
            if isFollowUp {
                messages.append(Message.user(help.question))
                messages.append(.object([("role", "assistant"), ("parts", [Message.textPart(help.answer)])]))
            }
            messages.append(Message.user("\(question)\n\n\(context)"))
            var call = TraceBuilder.ClientCall(
                model: .gpt41Mini, messages: messages, answer: isFollowUp ? help.followUpAnswer : help.answer)
            if isFollowUp { call.cacheRead = 128 * trace.random.int(2...5) }
            if streamed { trace.stream(call) } else { trace.complete(call) }
            trace.log(
                .info, "answered from {count} passages with prompt {prompt_version}",
                [Attribute("count", .int(help.articles.count)), Attribute("prompt_version", .string(version))])
        }
    }

    private static func buildPrompt(_ trace: inout TraceBuilder, _ question: String, passages: Int) {
        trace.span("prompt.build") { trace, index in
            trace.span("load.system_prompt") { trace, _ in trace.wait(0.004...0.02) }
            trace.span("attach.history") { trace, _ in
                trace.redis("LRANGE", "history", "0", "9")
                trace.wait(0.005...0.05)
            }
            var attributes = AttributeList()
            attributes.argument("k", .int(passages))
            trace.span("inject.retrieved_docs", attributes: attributes) { trace, _ in
                trace.embed(question)
                trace.query(
                    "SELECT id, title, body, embedding <=> %(query)s AS distance FROM articles ORDER BY distance LIMIT %(k)s",
                    seconds: 0.02...0.25)
                if trace.random.chance(0.15) {
                    trace.log(.warn, "retrieval took longer than {budget_ms} ms", [Attribute("budget_ms", 200)])
                    trace.wait(0.1...0.3)
                }
            }
            trace[index].closing.argument("retrieved_context_tokens", .int(passages * 45))
        }
    }
}
