/// A colleague has a mail drafted: a streamed answer of a reasoning model.
enum DraftMail {
    static func tell(_ stage: inout Stage) -> [TraceDraft] {
        var trace = stage.begin(.supportAgent)
        let story = trace.random.pick(SupportStory.all(orderID: trace.random.int(48_000...49_999)))
        let request = RouteRequest(
            method: "POST", route: "/draft", path: "/draft", function: "draft", arguments: .object([("order_id", .int(story.orderID))]))
        trace.serve(request, userAgent: "acme-desk/4.1") { trace in
            trace.query("SELECT body FROM messages WHERE order_id = %(id)s ORDER BY sent_at")
            var session = trace.startRun(.writer, prompt: "Draft a reply to this message:\n\n\(story.question)")
            let mail = "Dear \(story.customer),\n\n\(story.answer)\n\nKind regards\nYour Acme Home team"
            let options = ChatOptions(streamed: true, reasoningTokens: trace.random.int(64...320))
            _ = trace.chat(&session, .text(mail), options)
            trace.endRun(session, result: .string(mail))
            return RouteAnswer()
        }
        return [trace.finish()]
    }
}
