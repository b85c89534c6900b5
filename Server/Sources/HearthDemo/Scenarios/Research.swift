/// Several agents of several providers: the analyst asks a scout and a risk agent and writes a report.
enum Research {
    static func tell(_ stage: inout Stage, truncated: Bool) -> [TraceDraft] {
        var trace = stage.begin(.marketResearch)
        let subject = trace.random.pick(ResearchSubject.all)
        var attributes = AttributeList()
        attributes.set(contentsOf: trace.sourceLine(of: "full_analysis_pipeline"))
        attributes.argument("ticker", .string(subject.ticker))
        trace.span("full_analysis_pipeline", attributes: attributes) { trace, index in
            trace[index].tags = ["research", "nightly"]
            var session = trace.startRun(.analyst, prompt: "Write today's report on \(subject.company) (\(subject.ticker)).")
            let lookUp = ToolCall(
                name: "headlines", arguments: .object([("ticker", .string(subject.ticker))]), result: .string(subject.scoutSummary))
            trace.runTools(&session, trace.chat(&session, .tools([lookUp]), ChatOptions(reasoningTokens: 60))) { trace, _ in
                scout(&trace, subject)
            }
            let ask = ToolCall(
                name: "ask_risk", arguments: .object([("question", .string("How risky is \(subject.company) at the moment?"))]),
                result: .object([("risk", .string(subject.risk)), ("score", .double(subject.riskScore))]))
            trace.runTools(&session, trace.chat(&session, .tools([ask]), ChatOptions(reasoningTokens: 40, cachedShare: 0.4))) { trace, _ in
                judge(&trace, subject)
            }
            let report = truncated ? String(subject.report.prefix(220)) : subject.report
            _ = trace.chat(&session, .text(report), ChatOptions(reasoningTokens: 220, cachedShare: 0.5, truncated: truncated))
            trace[session.span].features.append(.toolLoop)
            trace.endRun(session, result: .string(report))
            if truncated {
                trace.log(.warn, "report on {ticker} was cut at the token limit", [Attribute("ticker", .string(subject.ticker))])
            } else {
                trace.log(.info, "report on {ticker} published", [Attribute("ticker", .string(subject.ticker))])
            }
        }
        return [trace.finish()]
    }

    /// An agent inside a tool: it summarises the headlines.
    private static func scout(_ trace: inout TraceBuilder, _ subject: ResearchSubject) {
        trace.fetch("GET", host: "news.example.org", path: "/v3/headlines", seconds: 0.2...0.8)
        let list = subject.headlines.map { "- \($0)" }.joined(separator: "\n")
        var session = trace.startRun(.scout, prompt: "Headlines about \(subject.company):\n\(list)")
        _ = trace.chat(&session, .text(subject.scoutSummary), ChatOptions(streamed: true, thinking: subject.thoughts, reasoningTokens: 90))
        trace.endRun(session, result: .string(subject.scoutSummary))
    }

    /// An agent inside a tool: it answers with the output tool of its provider.
    private static func judge(_ trace: inout TraceBuilder, _ subject: ResearchSubject) {
        let result = JSON.object([("risk", .string(subject.risk)), ("score", .double(subject.riskScore))])
        var session = trace.startRun(.risk, prompt: "How risky is \(subject.company) at the moment?\n\n\(subject.scoutSummary)")
        _ = trace.chat(&session, .output(result), ChatOptions(cachedShare: trace.random.pick([0.1, 0.7, 0.7])))
        trace.endRun(session, result: result)
    }
}
