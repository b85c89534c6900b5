import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "../src/api/types";
import { concernsModel, readConversation } from "../src/panel/llm/conversation";
import { costParts, differs, requestSettings, sentTotals } from "../src/panel/llm/facts";
import { partsOf } from "../src/panel/llm/parts";
import { schemaParameters, toolDefinitions } from "../src/panel/llm/tools";

/** `s:user[text] r:assistant[tool_call]` */
function shape(a: JsonObject, events: never[] = []): string {
    return readConversation(a, events).messages.map((m) => `${m.direction[0]}:${m.rawRole}[${m.parts.map((p) => p.type).join(",")}]`).join(" ");
}

const parts = {
    "gen_ai.system_instructions": [{ type: "text", content: "be brief" }],
    "gen_ai.input.messages": [{ role: "user", parts: [{ type: "text", content: "hi" }] }],
    "gen_ai.output.messages": [{ role: "assistant", parts: [{ type: "thinking", content: "hm" }, { type: "tool_call", id: "1", name: "look", arguments: '{"a": 1}' }], finish_reason: "tool_call" }],
};

test("messages of the conventions, as values and as JSON text", () => {
    const expected = "s:system[text] s:user[text] r:assistant[thinking,tool_call]";
    assert.equal(shape(parts), expected);
    assert.equal(shape(Object.fromEntries(Object.entries(parts).map(([k, v]) => [k, JSON.stringify(v)]))), expected);
    const { messages } = readConversation(parts);
    const call = messages[2]!.parts[1]!;
    assert.deepEqual(call.type === "tool_call" && call.arguments, { a: 1 });
    assert.equal(messages[2]!.finish, "tool_call");
});

test("a run: history before the new message index", () => {
    const c = readConversation({
        "pydantic_ai.all_messages": [{ role: "user", parts: [{ type: "text", content: "one" }] }, { role: "assistant", parts: [{ type: "text", content: "two" }] }, { role: "user", parts: [{ type: "text", content: "three" }] }],
        "pydantic_ai.new_message_index": 2,
        "gen_ai.system_instructions": '[{"type":"text","content":"s"}]',
    });
    assert.equal(c.newFrom, 3);
    assert.equal(c.messages[2]!.direction, "received");
});

test("events of format 1", () => {
    const events = [
        { "event.name": "gen_ai.system.message", content: "s", role: "system" },
        { "event.name": "gen_ai.user.message", content: "u", role: "user" },
        { "event.name": "gen_ai.tool.message", content: "42", role: "tool", id: "c1", name: "look" },
        { "event.name": "gen_ai.choice", index: 0, message: { role: "assistant", content: null, tool_calls: [{ id: "c2", type: "function", function: { name: "look", arguments: "{}" } }] } },
    ];
    assert.equal(shape({ events: JSON.stringify(events) }), "s:system[text] s:user[text] s:tool[tool_result] r:assistant[tool_call]");
    assert.equal(shape({ all_messages_events: events }), "s:system[text] s:user[text] s:tool[tool_result] r:assistant[tool_call]");
});

test("request_data and response_data of OpenAI, Anthropic and the Responses API", () => {
    assert.equal(shape({ request_data: { messages: [{ role: "user", content: [{ type: "text", text: "x" }, { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } }] }] }, response_data: { message: { role: "assistant", content: "y" } } }), "s:user[text,media] r:assistant[text]");
    assert.equal(shape({ request_data: { system: "s", messages: [{ role: "user", content: [{ type: "tool_result", tool_use_id: "1", content: [{ type: "text", text: "ok" }] }] }] }, response_data: { message: { role: "assistant", content: [{ type: "tool_use", id: "1", name: "f", input: {} }] } } }), "s:system[text] s:user[tool_result] r:assistant[tool_call]");
    assert.equal(shape({ request_data: { input: [{ type: "function_call", call_id: "1", name: "f", arguments: "{}" }, { type: "function_call_output", call_id: "1", output: "3" }] } }), "s:assistant[tool_call] s:tool[tool_result]");
    assert.equal(shape({ request_data: { messages: [] }, response_data: { combined_chunk_content: "streamed", chunk_count: 2 } }), "r:assistant[text]");
});

test("flattened dialects: Traceloop and OpenInference, indexes from 0 or 1", () => {
    assert.equal(shape({ "gen_ai.prompt.0.role": "user", "gen_ai.prompt.0.content": "q", "gen_ai.completion.0.tool_calls.0.name": "f", "gen_ai.completion.0.tool_calls.0.arguments": "{}" }), "s:user[text] r:assistant[tool_call]");
    assert.equal(
        shape({ "llm.input_messages.1.message.role": "user", "llm.input_messages.1.message.contents.0.message_content.type": "text", "llm.input_messages.1.message.contents.0.message_content.text": "q", "llm.output_messages.0.message.role": "assistant", "llm.output_messages.0.message.tool_calls.0.tool_call.function.name": "f", "llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments": '{"x":1}' }),
        "s:user[text] r:assistant[tool_call]",
    );
});

test("Vercel and LangChain", () => {
    assert.equal(shape({ "ai.prompt.messages": '[{"role":"user","content":[{"type":"text","text":"q"}]}]', "ai.response.text": "a", "ai.response.finishReason": "stop" }), "s:user[text] r:assistant[text]");
    assert.equal(shape({ "input.value": '{"messages":[{"type":"human","content":"q"},{"type":"ai","content":"a"}]}' }), "s:human[text] s:ai[text]");
});

test("tool spans", () => {
    assert.equal(shape({ "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "f", "gen_ai.tool.call.arguments": { a: 1 }, "gen_ai.tool.call.result": "ok" }), "s:assistant[tool_call] r:tool[tool_result]");
    assert.equal(shape({ tool_arguments: "{}", tool_response: "x", "gen_ai.tool.name": "f" }), "s:assistant[tool_call] r:tool[tool_result]");
});

test("unknown parts are kept, Google's untyped parts are read", () => {
    assert.deepEqual(partsOf([{ type: "hologram", beam: 3 }]), [{ type: "other", label: "hologram", value: { beam: 3 } }]);
    assert.deepEqual(partsOf([{ functionCall: { name: "f", args: { a: 1 } } }]), [{ type: "tool_call", id: null, name: "f", arguments: { a: 1 } }]);
    assert.equal(partsOf([{ thought: true, text: "hm" }])[0]!.type, "thinking");
    assert.equal(partsOf({ type: "image-url", url: "https://example.org/x.png" })[0]!.type, "media");
    const binary = partsOf({ type: "binary", media_type: "image/png", content: "AAAA" })[0]!;
    assert.deepEqual(binary.type === "media" && [binary.modality, binary.data, binary.location], ["image", "AAAA", null]);
});

test("missing content is explained", () => {
    assert.match(readConversation({ "gen_ai.system": "openai", "gen_ai.request.model": "m" }).note!, /No messages/);
    assert.match(readConversation({ "gen_ai.input.messages": [{ role: "user", parts: [{ type: "text" }] }], "gen_ai.output.messages": [{ role: "assistant", parts: [{ type: "text" }] }] }).note!, /include_content/);
    assert.match(readConversation({ "gen_ai.input.messages": [{ role: "user", parts: [{ type: "text", content: "x" }] }] }).note!, /No answer/);
    assert.equal(readConversation(parts).note, null);
});

test("what the panel is for", () => {
    assert.equal(concernsModel({ "gen_ai.request.model": "m" }), true);
    // Baggage puts the agent's name on HTTP and database spans too.
    assert.equal(concernsModel({ "gen_ai.agent.name": "a", "gen_ai.conversation.id": "c", "http.request.method": "GET" }), false);
});

test("tool definitions of every provider", () => {
    const names = (a: JsonObject) => toolDefinitions(a).map((t) => t.name);
    assert.deepEqual(names({ "gen_ai.tool.definitions": [{ type: "function", function: { name: "a", parameters: {} } }, { name: "b", input_schema: {} }, { type: "web_search" }] }), ["a", "b", "web_search"]);
    assert.deepEqual(names({ model_request_parameters: '{"function_tools":[{"name":"c"}],"output_tools":[{"name":"d"}]}' }), ["c", "d"]);
    assert.deepEqual(names({ "llm.tools.0.tool.json_schema": '{"type":"function","function":{"name":"e"}}' }), ["e"]);
    assert.deepEqual(schemaParameters({ type: "object", properties: { s: { type: "string", description: "d" }, l: { type: "array", items: { type: "integer" } } }, required: ["s"] }), [
        { name: "s", type: "string", isRequired: true, description: "d" },
        { name: "l", type: "integer[]", isRequired: false, description: null },
    ]);
});

test("settings, cost parts and the sender's own sums", () => {
    assert.deepEqual(requestSettings({ "gen_ai.request.model": "m", "gen_ai.request.temperature": 0.2, "gen_ai.request.stop_sequences": ["a"] }), [{ name: "temperature", value: "0.2" }, { name: "stop_sequences", value: '["a"]' }]);
    const rows = costParts({ input_tokens: 100, output_tokens: 20, cache_read_tokens: 40, cache_write_tokens: null, reasoning_tokens: 5, input_cost: null, output_cost: null } as never);
    assert.deepEqual(rows.map((r) => [r.label, r.tokens]), [["Input", 100], ["Cached", 40], ["Output", 20], ["Reasoning", 5]]);
    const sent = sentTotals({ "logfire.metrics": '{"operation.cost":{"total":0.0069806,"details":[]},"gen_ai.client.token.usage":{"details":[{"attributes":{"gen_ai.token.type":"input"},"total":3193},{"attributes":{"gen_ai.token.type":"output"},"total":185}]}}' });
    assert.deepEqual(sent, { input: 3193, output: 185, cost: 0.0069806 });
    assert.equal(differs(3193, 3193), false);
    assert.equal(differs(3193, 3100), true);
    assert.equal(differs(null, 5), false);
});
