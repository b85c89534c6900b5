import assert from "node:assert/strict";
import { test } from "node:test";
import type { LLMCall, SpanEvent } from "../src/api/types";
import { preview } from "../src/components/JsonTree";
import { unflatten } from "../src/lib/json";
import { chunkTimes, slotsOf } from "../src/panel/llm/chunks";
import { readConversation } from "../src/panel/llm/conversation";
import { costParts, priceFor } from "../src/panel/llm/facts";
import { Guardrail, placeOf, verdictOf } from "../src/panel/llm/guards";
import { partsOf } from "../src/panel/llm/parts";
import { nextMany, piecesOf } from "../src/panel/llm/pieces";
import { problemsOf } from "../src/panel/llm/schema";
import { readStructured } from "../src/panel/llm/structured";

const start = "2026-01-01T00:00:00.000Z";
const event = (name: string, seconds: number): SpanEvent => ({ event_name: name, event_timestamp: new Date(Date.parse(start) + seconds * 1000).toISOString(), attributes: null });
const close = (a: number | null | undefined, b: number) => assert.ok(a != null && Math.abs(a - b) < 1e-9, `${a} is not ${b}`);

test("E7 chunks: times from the start, the usual pause, and the one that stands out", () => {
    const chunks = chunkTimes([0.4, 0.42, 0.44, 1.44, 1.46].map((s) => event("gen_ai.content.completion.chunk", s)), start)!;
    close(chunks.at[0], 0.4);
    close(chunks.median, 0.02);
    close(chunks.pause!.to, 1.44);
    assert.equal(chunkTimes([event("exception", 1)], start), null);
    for (const name of ["ai.stream.firstChunk", "First Token Stream Event", "chunk", "llm.first_token"]) assert.equal(chunkTimes([event(name, 1)], start)!.at.length, 1, name);
    const many = slotsOf(Array.from({ length: 5000 }, (_, i) => i / 5000), 1, 300);
    assert.equal(many.length, 300);
    assert.equal(many.reduce((sum, m) => sum + m.n, 0), 5000);
});

test("long texts come in pieces that join to the whole; code goes on as code", () => {
    const text = `${"word ".repeat(3000)}\n\n\`\`\`py\n${"x = 1\n".repeat(3000)}\`\`\`\nend`;
    const all = piecesOf(text, Infinity, false);
    assert.equal(all.pieces.map((p) => p.text).join(""), text);
    const { pieces, end } = piecesOf(text, 4, true);
    assert.equal(pieces.length, 4);
    assert.ok(end < text.length && end > 12_000);
    assert.ok(pieces.filter((p) => p.text.startsWith("```py\n") || p.text.startsWith("```\n")).length >= 1, "a piece inside of code opens its fence again");
    const huge = "a".repeat(5_000_000);
    const some = piecesOf(huge, nextMany(nextMany(1)), true);
    assert.ok(some.end < 700_000 && some.pieces.length === 20);
    assert.equal(piecesOf("😀".repeat(4000), 2, true).pieces.map((p) => p.text).join(""), "😀".repeat(4000).slice(0, piecesOf("😀".repeat(4000), 2, true).end));
});

const schema = { type: "object", properties: { city: { type: "string" }, degrees: { type: "integer", maximum: 60 }, tags: { type: "array", items: { enum: ["a", "b"] } }, sub: { $ref: "#/$defs/Sub" } }, required: ["city"], additionalProperties: false, $defs: { Sub: { type: "object", properties: { n: { anyOf: [{ type: "number" }, { type: "null" }] } } } } };

test("E7 a value is checked against its schema", () => {
    assert.deepEqual(problemsOf({ city: "x", degrees: 3, tags: ["a"], sub: { n: null } }, schema), []);
    assert.deepEqual(problemsOf({ degrees: 1.5, tags: ["c"], sub: { n: "1" }, extra: 1 }, schema).map((p) => p.path), ["$.city", "$.degrees", "$.tags[0]", "$.sub.n", "$.extra"]);
    assert.deepEqual(problemsOf({ city: "x", degrees: 91 }, schema)[0], { path: "$.degrees", message: "is 91, more than 60" });
    assert.deepEqual(problemsOf({ toString: 1, city: "x" }, { type: "object", properties: {}, required: ["constructor"] }).map((p) => p.path), ["$.constructor"]);
    const loop = { $ref: "#" };
    assert.deepEqual(problemsOf(1, loop), []);
});

test("E7 structured output of every way to ask for it, with its attempts", () => {
    const answer = (content: string) => ({ "gen_ai.input.messages": [{ role: "user", content: "q" }], "gen_ai.output.messages": [{ role: "assistant", parts: [{ type: "text", content }] }] });
    const read = (a: Record<string, never> | object) => readStructured(a as never, readConversation(a as never).messages);
    for (const asked of [
        { request_data: { response_format: { type: "json_schema", json_schema: { name: "W", schema } } } },
        { request_data: { text: { format: { type: "json_schema", name: "W", schema } } } },
        { "llm.invocation_parameters": JSON.stringify({ response_format: { type: "json_schema", json_schema: { name: "W", schema } } }) },
        { "ai.schema": JSON.stringify(schema), "ai.schema.name": "W" },
        { model_request_parameters: { output_mode: "native", output_object: { json_schema: schema, name: "W" } } },
        { "gen_ai.output.schema": schema, "gen_ai.output.name": "W" },
    ]) {
        const good = read({ ...asked, ...answer('```json\n{"city": "x"}\n```') })!;
        assert.deepEqual([good.name, good.isParsed, good.problems, good.attempts], ["W", true, [], 1], Object.keys(asked)[0]);
        assert.equal(read({ ...asked, ...answer("no json at all") })!.isParsed, false);
    }
    assert.equal(read({ "gen_ai.output.type": "json", ...answer("{}") })!.schema, null);
    assert.equal(read(answer("{}")), null);
    const tried = read({
        model_request_parameters: { output_mode: "tool", output_tools: [{ name: "final", parameters_json_schema: schema }] },
        "pydantic_ai.all_messages": [
            { role: "user", parts: [{ type: "text", content: "q" }] },
            { role: "assistant", parts: [{ type: "tool_call", id: "1", name: "final", arguments: '{"degrees": 1}' }] },
            { role: "user", parts: [{ type: "tool_call_response", id: "1", name: "final", result: "1 validation error: city is missing" }] },
            { role: "assistant", parts: [{ type: "tool_call", id: "2", name: "final", arguments: '{"city": "x"}' }] },
        ],
    })!;
    assert.deepEqual([tried.attempts, tried.earlier.length, tried.problems], [2, 1, []]);
    assert.match(tried.earlier[0]!.error!, /city is missing/);
});

const call = (more: Partial<LLMCall>) => ({ input_tokens: 2000, output_tokens: 300, cache_read_tokens: 1500, cache_write_tokens: null, reasoning_tokens: 120, input_cost: 0.003125, output_cost: 0.003, ...more }) as LLMCall;

test("every part of the cost has its price, as long as the parts make the sum", () => {
    const prices = { input_mtok: "2.5", cache_read_mtok: "1.25", output_mtok: { base: "10", tiers: [{ start: 200_000, price: "15" }] } };
    const parts = costParts(call({}), prices);
    assert.deepEqual(parts.map((p) => [p.label, p.tokens, p.cost, p.price]), [["Input", 2000, 0.003125, null], ["Uncached", 500, 0.00125, 2.5], ["Cached", 1500, 0.001875, 1.25], ["Output", 300, 0.003, 10], ["Reasoning", 120, 0.0012, 10]]);
    // Another input cost than these prices give: nothing is claimed of the parts.
    assert.deepEqual(costParts(call({ input_cost: 0.5 }), prices).map((p) => p.label), ["Input", "Cached", "Output", "Reasoning"]);
    assert.equal(costParts(call({}), null)[1]!.cost, null);
    assert.equal(priceFor({ base: "1", tiers: [{ start: 10, price: "2" }] }, 10), 1);
    assert.equal(priceFor({ base: "1", tiers: [{ start: 10, price: "2" }] }, 11), 2);
});

test("E7 guardrails: what they decided and where they stand", () => {
    const step = (triggered: string | null, more: Partial<Guardrail> = {}) => ({ start_timestamp: start, duration: 1, is_exception: false, triggered, ...more }) as Guardrail;
    assert.deepEqual([step("true"), step("False"), step("blocked"), step(null), step(null, { is_exception: true })].map(verdictOf), ["stopped", "passed", "stopped", "unknown", "failed"]);
    const record = { start_timestamp: "2026-01-01T00:00:02.000Z", duration: 2 };
    assert.equal(placeOf(step(null), record), "before");
    assert.equal(placeOf(step(null, { start_timestamp: "2026-01-01T00:00:05.000Z" }), record), "after");
    assert.equal(placeOf(step(null, { start_timestamp: "2026-01-01T00:00:02.500Z" }), record), "within");
});

test("names that every object has are keys like any other", () => {
    const slots = unflatten({ "gen_ai.prompt.0.__proto__.polluted": "yes", "gen_ai.prompt.0.constructor.prototype.polluted": "yes", "gen_ai.prompt.0.role": "user" }, "gen_ai.prompt");
    assert.equal(({} as { polluted?: string }).polluted, undefined);
    assert.equal(slots[0]!.role, "user");
    for (const type of ["constructor", "toString", "__proto__", "hasOwnProperty"]) assert.deepEqual(partsOf([{ type, x: 1 }]).map((p) => p.type), ["other"], type);
});

test("the preview of a value stops where it is cut", () => {
    assert.equal(preview({ a: [1, "x", null], b: true }), '{"a":[1,"x",null],"b":true}');
    const long = preview(Array.from({ length: 1_000_000 }, (_, i) => i));
    assert.ok(long.length <= 81 && long.endsWith("…"));
});
