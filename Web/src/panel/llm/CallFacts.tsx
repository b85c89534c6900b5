import type { JsonObject, LLMCall } from "../../api/types";
import { Fact } from "../../components/basic";
import { duration, shortId } from "../../lib/format";

/** What a call was, in a row of facts: models, provider, agent, how it ended, retries. */
export function CallFacts({ attributes, call }: { attributes: JsonObject; call: LLMCall | null }) {
    const read = (key: string) => (typeof attributes[key] === "string" ? (attributes[key] as string) : null);
    const asked = call?.model ?? read("gen_ai.request.model") ?? read("model_name") ?? read("llm.model_name");
    const answered = call?.response_model ?? read("gen_ai.response.model");
    const provider = call?.provider ?? read("gen_ai.system") ?? read("gen_ai.provider.name");
    const agent = call?.agent_name ?? read("gen_ai.agent.name") ?? read("agent_name");
    const conversation = call?.conversation_id ?? read("gen_ai.conversation.id");
    const tool = read("gen_ai.tool.name");
    return (
        <div className="facts">
            {asked && (
                <Fact label="Model">
                    <b>{asked}</b>
                </Fact>
            )}
            {answered && answered !== asked && <Fact label="Answered by">{answered}</Fact>}
            {provider && <Fact label="Provider">{provider}</Fact>}
            {tool && <Fact label="Tool">{tool}</Fact>}
            {agent && <Fact label="Agent">{agent}</Fact>}
            {call?.finish_reasons && call.finish_reasons.length > 0 && (
                <Fact label="Finish" tone={call.is_truncated ? "warn" : undefined} title={call.is_truncated ? "The answer was cut off at the token limit." : undefined}>
                    {call.finish_reasons.join(", ")}
                </Fact>
            )}
            {call?.is_error && (
                <Fact label="Error" tone="error">
                    {call.error_type ?? "yes"}
                </Fact>
            )}
            {call?.retry_count ? (
                <Fact label="Retries" tone="warn">
                    {call.retry_count}
                    {call.retry_cause ? ` after ${call.retry_cause}` : ""}
                </Fact>
            ) : null}
            {call?.refusal && (
                <Fact label="Refusal" tone="warn" title="The model declined to answer.">
                    yes
                </Fact>
            )}
            {call?.json_parse_success != null && (
                <Fact label="JSON" tone={call.json_parse_success ? undefined : "warn"} title={call.json_parse_success ? "The answer was read as JSON." : "The answer should have been JSON and could not be read as such."}>
                    {call.json_parse_success ? "parsed" : "did not parse"}
                </Fact>
            )}
            {call?.prompt_build_time != null && (
                <Fact label="Prompt built in" title="Time of the span beside the call that built its prompt; it is not part of the latency below.">
                    {duration(call.prompt_build_time)}
                </Fact>
            )}
            {call?.service_tier && <Fact label="Service tier">{call.service_tier}</Fact>}
            {conversation && (
                <Fact label="Conversation" title={conversation}>
                    {shortId(conversation)}
                </Fact>
            )}
            {call && (call.merged_records ?? 1) > 1 && (
                <Fact label="Merged" title="Several records describe this one call: a span and its stream log, or an outer and an inner instrumentation. It is counted once.">
                    {call.merged_records} records
                </Fact>
            )}
        </div>
    );
}
