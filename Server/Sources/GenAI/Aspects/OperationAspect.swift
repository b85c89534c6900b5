import TelemetryModel

/// What a record says it is: `gen_ai.operation.name` and the span kinds of the other dialects (`genai-conventions.md` §2 "operation",
/// counting rules of `fixtures/otlp/INDEX.md`).
enum OperationAspect {
    /// What an operation makes of its record.
    enum Role: Sendable {
        /// A request to a model.
        case inference
        case agentRun
        case toolCall
        /// A step around model calls that is none itself, whatever model it mentions.
        case other
    }

    /// A value of a dialect's kind attribute.
    struct Rule: Sendable {
        enum Match: Sendable {
            case exactly(StaticString), suffix(StaticString), anything
        }

        var match: Match
        var role: Role
        /// Name of the operation where the record does not give one.
        var operation: StaticString?
    }

    /// The kind attributes in order, each with its values. A value without a rule says nothing.
    static let dialects: [(key: AttributeKey, rules: [Rule])] = [
        (.genAIOperationName, semanticConventions),
        (.openInferenceSpanKind, openInference),
        (.traceloopSpanKind, traceloop),
        (.aiOperationID, vercel),
        (.langsmithSpanKind, langsmith),
        (.mcpMethodName, mcp),
        (.llmRequestType, requestTypes),
    ]

    private static let semanticConventions: [Rule] = [
        rule("chat", .inference), rule("text_completion", .inference), rule("embeddings", .inference), rule("generate_content", .inference),
        rule("invoke_agent", .agentRun), rule("execute_tool", .toolCall), rule("create_agent", .other), rule("invoke_workflow", .other),
        rule("plan", .other), rule("retrieval", .other), rule("fetch_response", .other), rule("create_memory_store", .other),
        rule("delete_memory_store", .other), rule("create_memory", .other), rule("update_memory", .other), rule("upsert_memory", .other),
        rule("search_memory", .other), rule("delete_memory", .other),
        rule("embedding", .inference), rule("completion", .inference), rule("responses", .inference), rule("chain", .other),
        rule("experiment", .other), rule("handoff", .other), rule("guardrail", .other), rule("rerank", .other),
    ]

    private static let openInference: [Rule] = [
        rule("LLM", .inference, "chat"), rule("EMBEDDING", .inference, "embeddings"), rule("AGENT", .agentRun, "invoke_agent"),
        rule("TOOL", .toolCall, "execute_tool"), rule("RETRIEVER", .other, "retrieval"), Rule(match: .anything, role: .other),
    ]

    private static let traceloop: [Rule] = [
        rule("workflow", .other, "invoke_workflow"), rule("agent", .agentRun, "invoke_agent"), rule("tool", .toolCall, "execute_tool"),
        rule("task", .other),
    ]

    private static let vercel: [Rule] = [
        Rule(match: .suffix(".doGenerate"), role: .inference, operation: "chat"),
        Rule(match: .suffix(".doStream"), role: .inference, operation: "chat"),
        Rule(match: .suffix(".doEmbed"), role: .inference, operation: "embeddings"), rule("ai.toolCall", .toolCall, "execute_tool"),
        Rule(match: .anything, role: .other),
    ]

    private static let langsmith: [Rule] = [
        rule("llm", .inference, "chat"), rule("embedding", .inference, "embeddings"), rule("tool", .toolCall, "execute_tool"),
        rule("retriever", .other, "retrieval"), Rule(match: .anything, role: .other),
    ]

    private static let mcp: [Rule] = [rule("tools/call", .toolCall, "execute_tool"), Rule(match: .anything, role: .other)]

    private static let requestTypes: [Rule] = [
        rule("chat", .inference, "chat"), rule("completion", .inference, "text_completion"), rule("embedding", .inference, "embeddings"),
        rule("rerank", .other),
    ]

    private static func rule(_ value: StaticString, _ role: Role, _ operation: StaticString? = nil) -> Rule {
        Rule(match: .exactly(value), role: role, operation: operation)
    }

    /// Steps that only their scope and name tell: releases from before `gen_ai.operation.name`, and the OpenAI Agents integration.
    struct ScopeRule: Sendable {
        var scope: String
        var name: Rule.Match
        var role: Role
        var operation: StaticString
        /// An attribute that must be there as well.
        var requires: AttributeKey
    }

    static let scopeRules: [ScopeRule] = [
        ScopeRule(scope: "pydantic-ai", name: .exactly("agent run"), role: .agentRun, operation: "invoke_agent", requires: .agentName),
        ScopeRule(
            scope: "pydantic-ai", name: .exactly("running tool"), role: .toolCall, operation: "execute_tool", requires: .genAIToolName),
        ScopeRule(
            scope: "pydantic-ai", name: .exactly("running output function"), role: .toolCall, operation: "execute_tool",
            requires: .genAIToolName
        ),
        ScopeRule(
            scope: "logfire.openai_agents", name: .exactly("Agent run: {name!r}"), role: .agentRun, operation: "invoke_agent",
            requires: .name
        ),
        ScopeRule(
            scope: "logfire.openai_agents", name: .exactly("Function: {name}"), role: .toolCall, operation: "execute_tool", requires: .name
        ),
        ScopeRule(
            scope: "logfire.openai_agents", name: .exactly("Chat completion with {gen_ai.request.model!r}"), role: .inference,
            operation: "chat", requires: .genAIRequestModel
        ),
        ScopeRule(
            scope: "logfire.openai_agents", name: .exactly("Responses API with {gen_ai.request.model!r}"), role: .inference,
            operation: "chat", requires: .genAIRequestModel
        ),
    ]

    /// Ends of the names of spans that OpenInference calls `LLM` although they only get a request ready (LlamaIndex).
    static let preparations: [StaticString] = ["._prepare_chat_with_tools"]

    private static func isPreparation(_ row: StepRow, _ batch: RecordBatch) -> Bool {
        row.has(.openInferenceSpanKind) && preparations.contains { batch.text.ends(batch.rows[row.index].spanName, with: $0) }
    }

    /// The role of a record, nil when it claims none, and its operation. A role that is no model call outweighs one that is: a chain
    /// that names `chat` as its operation is still a chain.
    static func role(_ row: StepRow, _ batch: RecordBatch) -> (role: Role?, operation: StaticString?) {
        var role: Role?
        var operation: StaticString?
        for (key, rules) in dialects {
            guard let attribute = row.attribute(key, batch), !attribute.text.isEmpty,
                let rule = rules.first(where: { matches(attribute.text, $0.match, batch) })
            else { continue }
            if role == nil || role == .inference && rule.role != .inference { role = rule.role }
            if operation == nil { operation = rule.operation }
        }
        if role == .agentRun, isWorkflow(row, batch) { return (.other, "invoke_workflow") }
        if role == .other, isLangChainAgent(row, batch) { return (.agentRun, "invoke_agent") }
        if role == nil {
            let record = batch.rows[row.index]
            for rule in scopeRules where row.has(rule.requires) && matches(record.spanName, rule.name, batch) {
                if row.scopeName(batch) == rule.scope { return (rule.role, rule.operation) }
            }
        }
        if role == .inference, isPreparation(row, batch) { return (.other, nil) }
        return (role, operation)
    }

    /// Whether a span that calls itself an agent is the whole trace of the OpenAI Agents SDK: it names no agent, its agents do.
    private static func isWorkflow(_ row: StepRow, _ batch: RecordBatch) -> Bool {
        !row.has(.agentDotName) && !row.has(.graphNodeID) && row.scopeName(batch) == "openinference.instrumentation.openai_agents"
    }

    /// Whether a chain of LangSmith is a LangChain agent as a whole rather than one of its nodes. All of them name the agent, but only the
    /// agent is called like it; an agent without a name is in no node.
    private static func isLangChainAgent(_ row: StepRow, _ batch: RecordBatch) -> Bool {
        guard let integration = row.attribute(.langsmithIntegration, batch), batch.text.equal(integration.text, "langchain_create_agent"),
            let kind = row.attribute(.langsmithSpanKind, batch), batch.text.equal(kind.text, "chain")
        else { return false }
        guard let agent = row.attribute(.langsmithAgentName, batch) else { return !row.has(.langsmithGraphNode) }
        return batch.text.equal(agent.text, batch.rows[row.index].spanName)
    }

    /// The operation as the record names it, else as its dialect implies.
    static func fill(_ step: inout GenAIStep, implied: StaticString?, _ row: StepRow, _ batch: inout RecordBatch) {
        step.operation = row.text([.attribute(.mappedOperation), .attribute(.genAIOperationName)], &batch)
        if step.operation.isEmpty, let implied { step.operation = batch.text.append(implied) }
    }

    private static func matches(_ text: TextRef, _ match: Rule.Match, _ batch: RecordBatch) -> Bool {
        switch match {
        case .exactly(let value): batch.text.equal(text, value)
        case .suffix(let value): batch.text.ends(text, with: value)
        case .anything: true
        }
    }
}
