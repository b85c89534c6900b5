import GenAI
import TelemetryModel
import Testing

/// Which records are steps, and of what kind (counting rules of `fixtures/otlp/INDEX.md`).
@Suite struct KindTests {
    @Test(
        arguments: [
            ("a model", ["gen_ai.request.model": "m"]), ("a response model", ["gen_ai.response.model": "m"]),
            ("provider and operation", ["gen_ai.system": "p", "gen_ai.operation.name": "chat"]),
            ("provider and usage", ["gen_ai.provider.name": "p", "gen_ai.usage.input_tokens": 1]),
            ("provider and old usage", ["gen_ai.system": "p", "gen_ai.usage.completion_tokens": 1]),
            ("provider and LLM kind", ["llm.system": "p", "openinference.span.kind": "LLM"]),
            ("model in parameters", ["openinference.span.kind": "LLM", "llm.invocation_parameters": "{\"model\":\"m\"}"]),
            ("embedding", ["openinference.span.kind": "EMBEDDING", "embedding.model_name": "m"]),
            ("unknown operation", ["gen_ai.operation.name": "transcribe", "gen_ai.request.model": "m"]),
            ("Vercel", ["ai.operationId": "ai.generateText.doGenerate", "ai.model.id": "m"]),
            ("LangSmith", ["langsmith.span.kind": "llm", "gen_ai.request.model": "m"]),
        ] as [(String, KeyValuePairs<String, Literal>)])
    func modelCalls(_ what: String, _ attributes: KeyValuePairs<String, Literal>) {
        #expect(extractOne(attributes)?.kind == .modelCall, "\(what)")
    }

    @Test(
        arguments: [
            ("only a provider", ["gen_ai.system": "openai"]), ("only usage", ["gen_ai.usage.input_tokens": 3]),
            ("only an operation", ["gen_ai.operation.name": "chat"]), ("an LLM kind alone", ["openinference.span.kind": "LLM"]),
            ("baggage", ["gen_ai.agent.name": "a", "gen_ai.conversation.id": "c", "gen_ai.agent.call.id": "i"]),
            ("someone's request data", ["request_data": "{\"model\":\"T\"}"]), ("an empty model", ["gen_ai.request.model": ""]),
            ("a chain that chats", ["openinference.span.kind": "CHAIN", "gen_ai.operation.name": "chat", "gen_ai.request.model": "m"]),
            ("a reranker", ["openinference.span.kind": "RERANKER", "reranker.model_name": "m"]),
            ("a workflow", ["traceloop.span.kind": "workflow", "gen_ai.system": "p", "gen_ai.request.model": "m"]),
            ("a task", ["traceloop.span.kind": "task", "gen_ai.request.model": "m"]),
            ("Vercel's outer span", ["ai.operationId": "ai.generateText", "ai.model.id": "m", "ai.usage.inputTokens": 2]),
            ("LangSmith's chain", ["langsmith.span.kind": "chain", "gen_ai.operation.name": "chain", "gen_ai.request.model": "m"]),
            ("a retrieval", ["gen_ai.operation.name": "retrieval", "gen_ai.provider.name": "p", "gen_ai.request.model": "m"]),
            ("a plan", ["gen_ai.operation.name": "plan", "gen_ai.request.model": "m"]),
            ("an agent's creation", ["gen_ai.operation.name": "create_agent", "gen_ai.request.model": "m"]),
            ("a fetched response", ["gen_ai.operation.name": "fetch_response", "gen_ai.request.model": "m"]),
            ("a memory search", ["gen_ai.operation.name": "search_memory", "gen_ai.request.model": "m"]),
            ("an experiment", ["gen_ai.operation.name": "experiment", "name": "baseline"]),
            ("an HTTP span", ["http.request.method": "GET"]), ("nothing", [:]),
        ] as [(String, KeyValuePairs<String, Literal>)])
    func noSteps(_ what: String, _ attributes: KeyValuePairs<String, Literal>) {
        #expect(extractOne(attributes)?.step.kind == nil, "\(what)")
    }

    @Test(
        arguments: [
            ("span", "x", ["gen_ai.operation.name": "invoke_agent", "gen_ai.provider.name": "p", "gen_ai.request.model": "m"]),
            ("span", "x", ["openinference.span.kind": "AGENT"]), ("span", "x", ["traceloop.span.kind": "agent"]),
            ("agent run", "pydantic-ai", ["model_name": "m", "agent_name": "a", "gen_ai.usage.input_tokens": 5]),
            ("Agent run: {name!r}", "logfire.openai_agents", ["gen_ai.system": "openai", "name": "a"]),
        ] as [(String, String, KeyValuePairs<String, Literal>)])
    func agentRuns(_ name: String, _ scope: String, _ attributes: KeyValuePairs<String, Literal>) {
        let step = extractOne(name: name, scope: scope, attributes)
        #expect(step?.kind == .agentRun)
        #expect(step?.operation == "invoke_agent")
        #expect(extractOne(name: name, kind: .log, scope: scope, attributes) == nil, "a log is no run")
    }

    @Test(
        arguments: [
            ("span", "x", ["gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "t"]),
            ("span", "x", ["openinference.span.kind": "TOOL", "tool.name": "t"]),
            ("span", "x", ["traceloop.span.kind": "tool", "traceloop.entity.name": "t"]),
            ("span", "x", ["ai.operationId": "ai.toolCall", "ai.toolCall.name": "t"]),
            ("running tool", "pydantic-ai", ["gen_ai.tool.name": "t", "tool_arguments": "{}"]),
            ("Function: {name}", "logfire.openai_agents", ["gen_ai.system": "openai", "name": "t"]),
        ] as [(String, String, KeyValuePairs<String, Literal>)])
    func toolCalls(_ name: String, _ scope: String, _ attributes: KeyValuePairs<String, Literal>) {
        let step = extractOne(name: name, scope: scope, attributes)
        #expect(step?.kind == .toolCall)
        #expect(step?.toolName == "t")
        #expect(step?.operation == "execute_tool")
    }

    @Test func gettingARequestReadyIsNoCall() {
        let attributes: KeyValuePairs<String, Literal> = [
            "openinference.span.kind": "LLM", "llm.model_name": "m", "llm.provider": "openai", "output.value": "{}",
        ]
        #expect(extractOne(name: "OpenAI._prepare_chat_with_tools", attributes) == nil)
        #expect(extractOne(name: "OpenAI.achat", attributes)?.kind == .modelCall)
    }

    @Test(
        arguments: [
            ("com.anthropic.sdk.python", StatusCode.error, ["gen_ai.provider.name": "anthropic"], StreamRole.vendor, true),
            ("other", .error, ["gen_ai.system": "Anthropic"], .none, true),
            ("other", .error, ["gen_ai.system": "openai"], .none, false),
            ("other", .error, ["gen_ai.system": "anthropic", "gen_ai.response.id": "r"], .none, false),
            ("com.anthropic.sdk.python", .unset, ["gen_ai.provider.name": "anthropic"], .vendor, false),
        ] as [(String, StatusCode, KeyValuePairs<String, Literal>, StreamRole, Bool)])
    func onlyFailedCallsWithoutResponseLookForATwin(
        _ scope: String, _ status: StatusCode, _ attributes: KeyValuePairs<String, Literal>, _ role: StreamRole, _ looks: Bool
    ) {
        let step = extract { batch in
            batch.add(scope: scope, status: status, attributes)
            let first = batch.rows[0].attributes.lowerBound
            batch.add(["gen_ai.request.model": "m"])
            batch.rows[0].attributes = first..<UInt32(batch.attributes.count)
            batch.rows.removeLast()
        }.first
        #expect(step?.streamRole == role)
        #expect((step?.streamKey != 0) == looks)
    }

    @Test func scopeRulesHoldOnlyInTheirScope() {
        #expect(extractOne(name: "running tool", ["gen_ai.tool.name": "t"]) == nil)
        #expect(extractOne(name: "running 2 tools", scope: "pydantic-ai", ["gen_ai.tool.name": "t"]) == nil)
        #expect(extractOne(name: "agent run", ["agent_name": "a", "model_name": "m"]) == nil)
    }

    @Test func pendingSpansAreSkipped() {
        #expect(extractOne(kind: .pendingSpan, ["gen_ai.request.model": "m"]) == nil)
    }

    @Test func aPendingRunIsKnownToItsCalls() throws {
        var batch = RecordBatch()
        batch.add(name: "invoke_agent a", kind: .pendingSpan, span: 1, ["gen_ai.operation.name": "invoke_agent"])
        batch.add(name: "chat", kind: .pendingSpan, span: 2, parent: 1, ["gen_ai.operation.name": "chat"])
        batch.add(name: "chat", span: 3, parent: 2, ["gen_ai.request.model": "m"])
        var input = StepInput()
        input.append(batch, steps: StepExtractor.extract(&batch))
        var steps = ProjectSteps()
        let changes = try steps.apply(input, stored: NoStoredSteps())
        #expect(changes.calls.map(\.decision.runSpanID) == [SpanID(1)])
    }

    @Test(arguments: [
        "gen_ai.user.message", "gen_ai.choice", "gen_ai.client.inference.operation.details", "gen_ai.evaluation.result",
        "gen_ai.client.operation.exception",
    ])
    func eventsOfTheConventionsAreNoCalls(_ name: String) {
        let step = extractOne(
            name: name, kind: .log, ["gen_ai.system": "openai", "gen_ai.request.model": "m", "gen_ai.usage.input_tokens": 1]
        ) {
            $0.isOTLPLog = true
        }
        #expect(step == nil)
    }

    @Test func logsMayBeCalls() {
        let step = extractOne(name: "LLM request", kind: .log, ["gen_ai.system": "google", "gen_ai.request.model": "m"])
        #expect(step?.kind == .modelCall)
        #expect(step?.duration == nil, "a log has no duration")
    }

    @Test func rowsAreReportedInOrder() {
        let steps = extract { batch in
            batch.add(["http.route": "/"])
            batch.add(["gen_ai.request.model": "a"])
            batch.add()
            batch.add(["gen_ai.operation.name": "execute_tool"])
        }
        #expect(steps.map(\.step.row) == [1, 3])
        #expect(steps.map(\.step.kind) == [.modelCall, .toolCall])
    }
}
