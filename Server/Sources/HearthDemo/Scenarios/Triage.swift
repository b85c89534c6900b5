/// Sorting a message with the shop's own model, which has no price.
enum Triage {
    static func tell(_ stage: inout Stage) -> [TraceDraft] {
        var trace = stage.begin(.supportAgent)
        let story = trace.random.pick(SupportStory.all(orderID: trace.random.int(48_000...49_999)))
        let topic = trace.random.pick(["delivery", "fault", "exchange", "payment"])
        let urgency = trace.random.int(1...5)
        var attributes = AttributeList()
        attributes.set(contentsOf: trace.sourceLine(of: "triage"))
        attributes.argument("mailbox", "support@acme.example")
        trace.span("triage mail from {mailbox}", message: "triage mail from support@acme.example", attributes: attributes) { trace, index in
            trace[index].tags = ["support", "triage"]
            var session = trace.startRun(.triage, prompt: story.question)
            let result = JSON.object([("topic", .string(topic)), ("urgency", .int(urgency))])
            _ = trace.chat(&session, .output(result))
            trace.endRun(session, result: result)
            trace.query("INSERT INTO tickets (topic, urgency) VALUES (%(topic)s, %(urgency)s)")
            trace.log(
                urgency >= 4 ? .notice : .info, "ticket on {topic}, urgency {urgency}",
                [Attribute("topic", .string(topic)), Attribute("urgency", .int(urgency))])
        }
        return [trace.finish()]
    }
}
