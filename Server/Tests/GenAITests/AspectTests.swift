import GenAI
import TelemetryModel
import Testing

@Suite struct AspectTests {
    @Test(
        arguments: [
            (["gen_ai.system": "a", "gen_ai.provider.name": "b"], "a"), (["gen_ai.provider.name": "b", "llm.provider": "c"], "b"),
            (["llm.provider": "c", "llm.system": "d"], "c"), (["llm.system": "d"], "d"),
            (["ai.model.provider": "openai.chat"], "openai.chat"),
            (["langsmith.metadata.ls_provider": "f"], "f"), (["gen_ai.system": "OpenAI"], "openai"),
            (["gen_ai.system": "Anthropic"], "anthropic"), (["gen_ai.system": "", "llm.system": "d"], "d"), ([:], nil),
        ] as [(KeyValuePairs<String, Literal>, String?)])
    func provider(_ attributes: KeyValuePairs<String, Literal>, _ expected: String?) {
        #expect(call(attributes)?.provider == expected)
    }

    @Test(
        arguments: [
            (["gen_ai.response.model": "z", "gen_ai.request.model": "a", "llm.model_name": "b"], "a"),
            (["llm.request.model_name": "r", "llm.model_name": "b"], "r"), (["llm.model_name": "b", "embedding.model_name": "c"], "b"),
            (["embedding.model_name": "c"], "c"), (["reranker.model_name": "d"], "d"),
            (["ai.model.id": "e", "gen_ai.response.model": "z"], "e"),
            (["gen_ai.response.model": "z"], "z"), (["gen_ai.system": "p", "request_data": "{\"model\":\"f\"}"], "f"),
            (["llm.system": "p", "llm.invocation_parameters": "{\"t\":[{\"model\":1}],\"model\":\"g\"}"], "g"),
            (["llm.system": "p", "embedding.invocation_parameters": .json("{\"model\":\"h\\n\"}")], "h\n"),
        ] as [(KeyValuePairs<String, Literal>, String?)])
    func model(_ attributes: KeyValuePairs<String, Literal>, _ expected: String?) {
        #expect(extractOne(attributes)?.model == expected)
    }

    @Test func responseModelAndID() {
        let step = call(["gen_ai.response.model": "r", "gen_ai.response.id": "id-1", "ai.response.id": "x"])
        #expect(step?.responseModel == "r")
        #expect(step?.responseID == "id-1")
        #expect(call(["llm.response.model_name": "s", "ai.response.id": "x"])?.responseModel == "s")
        #expect(call(["response_data": "{\"model\":\"t\"}"])?.responseModel == "t")
        #expect(call(["ai.response.model": "v", "ai.response.id": "x"])?.responseID == "x")
        #expect(call([:])?.responseModel == nil)
    }

    @Test(
        arguments: [
            (["gen_ai.operation.name": "text_completion"], "text_completion"), (["llm.request.type": "completion"], "text_completion"),
            (["openinference.span.kind": "LLM"], "chat"), (["ai.operationId": "ai.embed.doEmbed"], "embeddings"), ([:], nil),
        ] as [(KeyValuePairs<String, Literal>, String?)])
    func operation(_ attributes: KeyValuePairs<String, Literal>, _ expected: String?) {
        #expect(call(attributes)?.operation == expected)
    }

    @Test func costAsSent() {
        #expect(call(["operation.cost": 0.25, "llm.cost.total": 1.0])?.cost == 0.25)
        #expect(call(["llm.cost.total": 1])?.cost == 1)
        #expect(call(["gen_ai.usage.cost": "3e-06"])?.cost == 3e-06)
        #expect(call([:])?.cost == nil)
        #expect(call(["operation.cost": -1.0])?.cost == nil)
        #expect(call(["operation.cost": .double(.nan)])?.cost == nil)
    }

    @Test(
        arguments: [
            (["gen_ai.conversation.id": "a", "session.id": "b"], "a"), (["session.id": "b"], "b"), (["session.id": 42], "42"),
            (["traceloop.association.properties.session_id": "c"], "c"), (["langsmith.trace.session_id": "d"], "d"),
            (["group_id": "e"], "e"),
            (["ai.telemetry.metadata.sessionId": "f"], "f"), ([:], nil), (["session.id": "[Scrubbed due to 'session']"], nil),
        ] as [(KeyValuePairs<String, Literal>, String?)])
    func conversation(_ attributes: KeyValuePairs<String, Literal>, _ expected: String?) {
        #expect(call(attributes)?.conversationID == expected)
    }

    @Test func userPromptAndAgent() {
        let step = call([
            "user.id": "u", "enduser.id": "v", "gen_ai.prompt.name": "n", "gen_ai.prompt.version": 3, "gen_ai.agent.name": "a",
            "agent_name": "b",
        ])
        #expect(step?.userID == "u")
        #expect(step?.promptName == "n")
        #expect(step?.promptVersion == "3")
        #expect(step?.agentName == "a")
        #expect(call(["enduser.id": "v"])?.userID == "v")
        #expect(call(["graph.node.name": "g"])?.agentName == "g")
        #expect(call(["name": "no"])?.agentName == nil, "only a run's name is an agent's")
        #expect(extractOne(["traceloop.span.kind": "agent", "traceloop.entity.name": "t"])?.agentName == "t")
    }

    @Test func errors() {
        let base: KeyValuePairs<String, Literal> = ["gen_ai.request.model": "m"]
        #expect(extractOne(base)?.isError == false)
        #expect(extractOne(status: .ok, base)?.isError == false)
        #expect(extractOne(status: .error, base)?.isError == true)
        #expect(extractOne(base) { $0.isException = true }?.isError == true)
        #expect(call(["error.type": "429"])?.isError == false, "the status decides")
        #expect(call(["error.type": "429"])?.errorType == "429")
        let thrown = extract { batch in
            let type = batch.text.append("RateLimit")
            batch.add(status: .error, base) { ($0.isException, $0.exceptionType) = (true, type) }
        }
        #expect(thrown.first?.errorType == "RateLimit")
    }

    @Test func timing() {
        let step = extractOne(seconds: 1..<3.5, ["gen_ai.request.model": "m"])
        #expect(step?.duration == 2.5)
        #expect(step?.startNanoseconds == 1_700_000_001_000_000_000)
        #expect(step?.endNanoseconds == 1_700_000_003_500_000_000)
        #expect(step?.timeToFirstToken == nil)
    }

    @Test(
        arguments: [
            (["gen_ai.response.time_to_first_chunk": 0.5, "gen_ai.client.operation.time_to_first_chunk": 0.7], 0.5),
            (["gen_ai.client.operation.time_to_first_chunk": 0.7], 0.7), (["gen_ai.server.time_to_first_token": 0.9], 0.9),
            (["ai.response.msToFirstChunk": 250], 0.25), (["gen_ai.response.time_to_first_chunk": -1.0], nil),
        ] as [(KeyValuePairs<String, Literal>, Double?)])
    func timeToFirstToken(_ attributes: KeyValuePairs<String, Literal>, _ expected: Double?) {
        #expect(call(attributes)?.timeToFirstToken == expected)
    }

    @Test(arguments: ["gen_ai.content.completion.chunk", "First Token Stream Event", "ai.stream.firstChunk"])
    func timeToFirstTokenFromEvents(_ event: String) {
        let steps = extract { batch in
            let events = batch.text.append(
                """
                [{"event_name":"other","event_timestamp":"2023-11-14T22:13:20.100000Z","attributes":{}},\
                {"event_name":"\(event)","event_timestamp":"2023-11-14T22:13:20.750000Z","attributes":{}},\
                {"event_name":"\(event)","event_timestamp":"2023-11-14T22:13:21.000000Z","attributes":{}}]
                """
            )
            batch.add(["gen_ai.request.model": "m"]) { ($0.eventsJSON, $0.spanEventCount) = (events, 3) }
        }
        #expect(steps.first?.timeToFirstToken == 0.75)
    }

    @Test func streamHalves() {
        func role(_ kind: RecordKind, _ scope: String, status: StatusCode = .unset, _ more: KeyValuePairs<String, Literal>) -> StreamRole? {
            extract { batch in
                batch.add(name: "Chat", kind: kind, scope: scope, status: status, more)
                batch.add(["gen_ai.request.model": "m"])
                batch.rows[0].attributes = batch.rows[0].attributes.lowerBound..<UInt32(batch.attributes.count)
                batch.rows.removeLast()
            }.first?.streamRole
        }
        #expect(role(.span, "logfire.openai", [:]) == .opener)
        #expect(role(.span, "logfire.anthropic", [:]) == .opener)
        #expect(role(.span, "other", [:]) == StreamRole.none)
        #expect(role(.span, "logfire.openai", status: .error, [:]) == StreamRole.none)
        #expect(role(.span, "logfire.openai", ["gen_ai.usage.input_tokens": 1]) == StreamRole.none)
        #expect(role(.span, "logfire.openai", ["gen_ai.response.id": "r"]) == StreamRole.none)
        let template = "streaming response from {request_data[model]!r} took {duration:.2f}s"
        #expect(role(.log, "logfire.openai", ["logfire.msg_template": .string(template)]) == .completion)
        #expect(role(.log, "logfire.openai", ["logfire.msg_template": "something else"]) == StreamRole.none)
        #expect(role(.log, "other", ["logfire.msg_template": .string(template)]) == StreamRole.none)
    }

    @Test func aCompletionLastsAsLongAsItSays() {
        let step = extractOne(
            name: "streaming response from 'm' took 1.50s", kind: .log, scope: "logfire.openai", seconds: 4..<4,
            ["gen_ai.request.model": "m", "duration": 1.5]
        )
        #expect(step?.streamRole == .completion)
        #expect(step?.duration == 1.5)
        #expect(step?.startNanoseconds == 1_700_000_002_500_000_000)
        #expect(step?.endNanoseconds == 1_700_000_004_000_000_000)
    }
}
