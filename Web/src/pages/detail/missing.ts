// What a record does not say although its kind could, why, and how to mend it at the sender.

import type { FullRecord, JsonObject, LLMCall } from "../../api/types";

export interface Missing {
    id: string;
    /** What is not known. */
    what: string;
    why: string;
    mend: string;
}

const contentKeys = ["gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.system_instructions", "pydantic_ai.all_messages", "all_messages_events", "request_data", "response_data", "input.value", "gen_ai.prompt", "gen_ai.prompt.0.content", "llm.input_messages.0.message.content", "ai.prompt", "ai.prompt.messages", "events", "traceloop.entity.input"];

/** Roles and tool names without what was said: the sender kept the content to itself. */
export function isContentWithheld(a: JsonObject): boolean {
    const text = JSON.stringify(a["gen_ai.input.messages"] ?? a["pydantic_ai.all_messages"] ?? a["all_messages_events"] ?? null);
    if (text === "null" || text === undefined) return false;
    // Both forms of messages name the place of what is said; where every place is empty, it was left out.
    return /\\?"role\\?"/.test(text) && !/\\?"(content|result|arguments)\\?"\s*:\s*(\\?"[^"\\]|[[{\d])/.test(text);
}

export function missingIn(record: FullRecord, call: LLMCall | null): Missing[] {
    const a = record.attributes ?? {};
    const list: Missing[] = [];
    const add = (id: string, what: string, why: string, mend: string) => list.push({ id, what, why, mend });
    if (call && record.kind !== "pending_span") {
        const failed = call.is_error === true;
        if (call.provider === null || call.provider === "(unknown)") add("provider", "Provider", "The sender named no gen_ai.provider.name or gen_ai.system, so the call is listed as (unknown) and no price list fits.", "Set gen_ai.provider.name on the span, or add a mapping rule from the attribute that has it.");
        if (call.model === null) add("model", "Model", "No attribute names the model.", "Set gen_ai.request.model on the span, or add a mapping rule.");
        if (!failed && call.operation !== "embeddings") {
            const closedEarly = call.is_streaming === true && call.output_tokens === null;
            if (closedEarly) add("stream", "Tokens of a stream", "The stream was closed before its end, so the provider never sent the usage, which comes last.", "Read streams to their end, or close them only after the last chunk; with OpenAI also set stream_options={\"include_usage\": true}.");
            else if (call.input_tokens === null && call.output_tokens === null) add("tokens", "Tokens", "The sender reported no usage.", "Record gen_ai.usage.input_tokens and gen_ai.usage.output_tokens.");
            if (call.finish_reasons === null || call.finish_reasons.length === 0) add("finish_reasons", "Finish reason", closedEarly ? "The stream ended before the reason was sent." : "The sender recorded none, so truncated answers cannot be counted.", "Record gen_ai.response.finish_reasons as a list of text.");
            if (call.is_streaming === true && call.time_to_first_token === null) add("first_token", "Time to first token", "The span says that the answer was streamed, and not when its first token came.", "Record gen_ai.response.time_to_first_chunk (seconds), or an event for the first chunk.");
        }
        if (a["gen_ai.response.finish_reason"] !== undefined && a["gen_ai.response.finish_reasons"] === undefined) add("singular", "gen_ai.response.finish_reasons", "The sender uses the singular gen_ai.response.finish_reason of old conventions. Hearth reads it; other tools may not.", "Update the instrumentation, or set the plural name with a list.");
        if (call.cost === null && !failed) add("cost", "Cost", call.cost_note ? `${call.cost_note[0]!.toUpperCase()}${call.cost_note.slice(1)}.` : "No price is known for this provider and model.", "Settings → Prices takes a price of your own; operation.cost on the span wins over any.");
        if (isContentWithheld(a)) add("content", "What was said", "The sender recorded roles and tool names without their content (include_content=False or its like).", "InstrumentationSettings(include_content=True) in Pydantic AI, OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true in OpenTelemetry's own instrumentations.");
        else if (call.operation !== "embeddings" && !contentKeys.some((key) => a[key] !== undefined) && !Object.keys(a).some((k) => /^(gen_ai\.(prompt|completion)|llm\.(input|output)_messages)\./.test(k)) && !(record.otel_events ?? []).some((e) => e.event_name?.startsWith("gen_ai."))) add("content", "Messages", "The sender recorded no messages of this call.", "Turn on message capture in the instrumentation (OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true, include_content=True, TRACELOOP_TRACE_CONTENT=true).");
    }
    if (record.is_exception && record.kind === "span" && record.otel_status_code !== "ERROR") add("status", "Status", "The span has an exception and its status was never set to ERROR. Hearth counts it as an error; tools that look at the status alone do not.", "Call span.set_status(StatusCode.ERROR) where the exception is recorded, or let it leave the span.");
    if (record.is_exception && !record.exception_stacktrace) add("stacktrace", "Traceback", "The exception event has no exception.stacktrace.", "Use span.record_exception(error) or logfire.exception(…), which record it.");
    if (record.service_name === null || record.service_name.startsWith("unknown_service")) add("service", "Service name", "The sender did not name its service.", "Set OTEL_SERVICE_NAME, or service_name in logfire.configure().");
    return list;
}
