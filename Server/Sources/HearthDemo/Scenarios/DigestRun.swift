/// The morning digest through the Anthropic client: the long handbook is cached by the provider, one answer may be cut.
enum DigestRun {
    static func tell(_ stage: inout Stage, truncated: Bool) -> [TraceDraft] {
        var trace = stage.begin(.marketResearch)
        let edition = trace.random.int(310...330)
        var attributes = AttributeList()
        attributes.set(contentsOf: trace.sourceLine(of: "morning digest"))
        attributes.argument("edition", .int(edition))
        trace.span("morning digest {edition}", message: "morning digest \(edition)", attributes: attributes) { trace, index in
            trace[index].tags = ["digest"]
            let count = trace.random.int(2...4)
            for number in 0..<count {
                let topic = (edition + number) % Digest.items.count
                let isCut = truncated && number == count - 1
                let answer = isCut ? String(Digest.answers[topic].prefix(48)) : Digest.answers[topic]
                var call = TraceBuilder.ClientCall(
                    model: .claudeHaiku, messages: [Message.user(Digest.items[topic])], system: Digest.handbook, answer: answer,
                    maxTokens: isCut ? LanguageModel.tokens(answer) : 256)
                if number == 0 { call.cacheWrite = 1_740 } else { call.cacheRead = 1_740 }
                call.truncated = isCut
                trace.complete(call)
            }
            if truncated { trace.log(.error, "digest {edition} ends in the middle of a sentence", [Attribute("edition", .int(edition))]) }
        }
        return [trace.finish()]
    }
}
