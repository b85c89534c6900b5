import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "../src/api/types";
import { entriesOf, outermost } from "../src/pages/conversations/entries";
import type { ConversationRun } from "../src/pages/conversations/queries";
import { groupsSQL, readFilters, readGrouping, readSort } from "../src/pages/conversations/source";
import { buildGraph, GraphInput, waves } from "../src/pages/runs/graph";
import { backEdges, layers, layoutGraph, nodeHeight, nodeWidth } from "../src/pages/runs/layout";
import { buildRun, RunData, toolRetries, toolsOfTurn } from "../src/pages/runs/model";
import type { RunCall, RunTool, StepRecord, WholeRun } from "../src/pages/runs/queries";
import { modelSettings, requestParameters } from "../src/pages/runs/settings";
import { toolCards } from "../src/pages/runs/tools";
import { messagesOfRun, newMessages } from "../src/pages/runs/turns";

const at = (ms: number) => new Date(1.7e12 + ms).toISOString();

function step(id: string, parent: string | null, from: number, to: number, more: Partial<StepRecord> = {}): StepRecord {
    return { span_id: id, parent_span_id: parent, kind: "span", span_name: id, start_timestamp: at(from), end_timestamp: at(to), duration: (to - from) / 1000, is_exception: false, exception_type: null, otel_status_code: "UNSET", operation: null, openinference: null, node: null, node_step: null, ...more };
}

function call(id: string, owner: string | null, from: number, more: Partial<RunCall> = {}): RunCall {
    return {
        start_timestamp: at(from), duration: 0.01, trace_id: "t", span_id: id, parent_span_id: owner, service_name: "s", operation: "chat", provider: "openai", model: "gpt-4o", response_model: null, is_error: false, error_type: null,
        input_tokens: 10, output_tokens: 1, cache_read_tokens: null, cache_write_tokens: null, reasoning_tokens: null, cost: 0.5, input_cost: null, output_cost: null, cost_source: "sent", cost_note: null, price_version: null,
        time_to_first_token: null, finish_reasons: ["stop"], is_truncated: false, has_tool_calls: false, agent_name: "a", conversation_id: "c", retry_count: null, retry_cause: null, refusal: null, json_parse_success: null, prompt_build_time: null,
        is_streaming: null, service_tier: null, tool_call_count: null, merged_records: 1, agent_span_id: owner, user_id: null, ...more,
    };
}

function tool(id: string, owner: string, name: string, from: number, more: Partial<RunTool> = {}): RunTool {
    return { start_timestamp: at(from), duration: 0.01, span_id: id, parent_span_id: owner, agent_span_id: owner, tool_name: name, tool_call_id: id, is_error: false, error_type: null, retry_count: null, retry_cause: null, attributes: {}, ...more };
}

function input(more: Partial<GraphInput>): GraphInput {
    return { rootId: "r", rootLabel: "agent", isRootError: false, steps: [], calls: [], tools: [], runs: [], ...more };
}

const named = (input: GraphInput) => {
    const graph = buildGraph(input);
    const label = new Map(graph.nodes.map((n) => [n.id, n.label]));
    return { graph, nodes: Object.fromEntries(graph.nodes.map((n) => [n.label, n.executions.length])), edges: Object.fromEntries(graph.edges.map((e) => [`${label.get(e.from)}>${label.get(e.to)}`, e.count])) };
};

test("E8 a loop of model and parallel tools, with counts", () => {
    const { nodes, edges } = named(
        input({
            steps: [step("r", null, 0, 100), step("m1", "r", 1, 10), step("t1", "r", 11, 20), step("t2", "r", 11, 21), step("http", "t1", 12, 13), step("m2", "r", 22, 30)],
            calls: [call("m1", "r", 1), call("m2", "r", 22)],
            tools: [tool("t1", "r", "geo", 11), tool("t2", "r", "geo", 11)],
        }),
    );
    assert.deepEqual(nodes, { agent: 1, "gpt-4o": 2, geo: 2, answer: 0 });
    assert.deepEqual(edges, { "agent>gpt-4o": 1, "gpt-4o>geo": 2, "geo>gpt-4o": 2, "gpt-4o>answer": 1 });
});

test("E8 a run inside a tool is drawn inside of it, and the innermost failure is the one that is marked", () => {
    const { graph, edges } = named(
        input({
            isRootError: true,
            steps: [step("r", null, 0, 100, { otel_status_code: "ERROR" }), step("t", "r", 1, 50), step("sub", "t", 2, 49), step("m", "sub", 3, 48)],
            tools: [tool("t", "r", "ask", 1, { is_error: true })],
            runs: [{ span_id: "sub", parent_span_id: "t", agent_name: "sub", model: null, is_error: true, error_type: "E", start_timestamp: at(2), duration: 1 }],
            calls: [call("m", "sub", 3, { is_error: true, error_type: "RateLimit" })],
        }),
    );
    assert.deepEqual(edges, { "agent>ask": 1, "ask>sub": 1, "sub>gpt-4o": 1, "ask>failed": 1 });
    assert.deepEqual(graph.nodes.filter((n) => n.failed > 0).map((n) => n.label), ["gpt-4o"]);
    assert.deepEqual(graph.nodes.filter((n) => n.failedWithin > 0).map((n) => n.label), ["agent", "ask", "sub", "failed"]);
    assert.equal(graph.edges.find((e) => e.to.endsWith("agent:sub"))?.isInto, true);
});

test("E8 nodes of a graph by their steps; what they use is named inside", () => {
    const node = (id: string, name: string, order: number, from: number) => step(id, "r", from, from + 5, { node: name, node_step: String(order) });
    const { graph, nodes, edges } = named(
        input({
            steps: [step("r", null, 0, 99), node("n1", "plan", 1, 1), node("n2", "search", 2, 10), node("n3", "grade", 2, 20), node("n4", "plan", 3, 30), step("m", "n1", 2, 3, { node: "plan" })],
            calls: [call("m", null, 2)],
        }),
    );
    assert.deepEqual(nodes, { agent: 1, plan: 2, search: 1, grade: 1, answer: 0 });
    // One step of the graph ran both, although one after the other.
    assert.deepEqual(edges, { "agent>plan": 1, "plan>search": 1, "plan>grade": 1, "search>plan": 1, "grade>plan": 1, "plan>answer": 1 });
    assert.deepEqual([...graph.nodes.find((n) => n.label === "plan")!.inside], [["gpt-4o", 1]]);
});

test("steps that overlap are one wave", () => {
    const s = (start: number, end: number) => ({ execution: { spanId: String(start), start, duration: null, isError: false, error: null }, end, order: null });
    assert.deepEqual(waves([s(0, 10), s(5, 12), s(11, 20), s(30, 31)]).map((w) => w.length), [2, 1, 1]);
});

test("layout: nodes do not overlap, forward edges go down, circles are cut once", () => {
    const ids = ["start", "a", "b", "c", "d", "end"];
    const edge = (from: string, to: string) => ({ from, to, count: 1, isInto: false });
    const graph = {
        nodes: ids.map((id) => ({ id, kind: id === "end" ? ("end" as const) : ("node" as const), label: id, executions: [], failed: 0, failedWithin: 0, inside: new Map<string, number>(), cost: null, tokens: null })),
        edges: [edge("start", "a"), edge("a", "b"), edge("a", "c"), edge("a", "d"), edge("b", "a"), edge("c", "a"), edge("d", "d"), edge("d", "end"), edge("a", "end")],
    };
    const back = backEdges(graph);
    assert.deepEqual([...back].map((e) => `${e.from}${e.to}`).sort(), ["ba", "ca", "dd"]);
    const layer = layers(graph, back);
    for (const e of graph.edges) if (!back.has(e)) assert.ok(layer.get(e.from)! < layer.get(e.to)!, `${e.from} above ${e.to}`);
    const layout = layoutGraph(graph);
    assert.equal(layout.routes.length, graph.edges.length);
    for (const one of layout.nodes) {
        assert.ok(one.x >= 0 && one.x + nodeWidth <= layout.width && one.y + nodeHeight <= layout.height);
        for (const other of layout.nodes) assert.ok(one === other || Math.abs(one.x - other.x) >= nodeWidth || Math.abs(one.y - other.y) >= nodeHeight, `${one.node.id} ${other.node.id}`);
    }
    for (const route of layout.routes) assert.ok(!/NaN|undefined/.test(route.path));
});

const empty: RunData = { run: null, record: null, calls: [], tools: [], runs: [], steps: [], evaluations: [] };

test("A6 a run owns its calls; the sum below it counts those of runs inside too", () => {
    const run = { span_id: "r", agent_name: "a", is_error: false } as WholeRun;
    const model = buildRun("r", { ...empty, run, steps: [step("r", null, 0, 9), step("s", "r", 1, 2), step("m1", "r", 1, 2), step("m2", "s", 1, 2)], calls: [call("m1", "r", 1, { retry_count: 3, retry_cause: "429" }), call("m2", "s", 1, { cost: null })] });
    assert.equal(model.own.cost, 0.5);
    assert.equal(model.own.calls, 1);
    assert.equal(model.whole.calls, 2);
    assert.equal(model.whole.unpriced, 1);
    assert.equal(model.retries, 3);
    assert.deepEqual(model.retryCauses, ["429"]);
});

test("a root that is no run is shown like one", () => {
    const model = buildRun("r", { ...empty, steps: [step("r", null, 0, 9), step("m1", "r", 1, 2), step("x", null, 1, 2)], calls: [call("m1", null, 1), call("elsewhere", null, 2)] });
    assert.deepEqual(model.calls.map((c) => c.span_id), ["m1"]);
    assert.equal(model.isAgent, false);
});

test("tools between one call and the next belong to its turn; a failed one that is repeated is a retry", () => {
    const calls = [call("m1", "r", 0), call("m2", "r", 50)];
    const tools = [tool("t1", "r", "a", 10, { is_error: true }), tool("t2", "r", "a", 20), tool("t3", "r", "b", 60, { is_error: true })];
    assert.deepEqual(toolsOfTurn(calls, tools, 0).map((t) => t.span_id), ["t1", "t2"]);
    assert.deepEqual(toolsOfTurn(calls, tools, 1).map((t) => t.span_id), ["t3"]);
    assert.equal(toolRetries(tools), 1);
});

const text = (role: string, content: string) => ({ role, parts: [{ type: "text", content }] });

test("E5 a chat of several turns shows each once: by the index of new messages", () => {
    const attributes: JsonObject = { "pydantic_ai.all_messages": [text("user", "one"), text("assistant", "1"), text("user", "two"), text("assistant", "2")], "pydantic_ai.new_message_index": 2, "gen_ai.system_instructions": [{ type: "text", content: "sys" }] };
    const run = messagesOfRun(attributes, [], [call("m", "r", 0)], []);
    assert.deepEqual(newMessages(run).map(({ message, call: c }) => [message.role, c?.span_id ?? null]), [["user", null], ["assistant", "m"]]);
    assert.equal(run.messages.length, 5);
});

test("E5 and of calls that repeat the history with each question", () => {
    const first = { "gen_ai.input.messages": [text("system", "sys"), text("user", "q")], "gen_ai.output.messages": [{ role: "assistant", parts: [{ type: "tool_call", id: "1", name: "look", arguments: '{"a": 1}' }] }] };
    const second = {
        "gen_ai.input.messages": [...first["gen_ai.input.messages"], { role: "assistant", parts: [{ type: "tool_call", id: "1", name: "look", arguments: { a: 1 } }] }, { role: "tool", parts: [{ type: "tool_call_response", id: "1", response: "found" }] }],
        "gen_ai.output.messages": [text("assistant", "done")],
    };
    const contents = [first, second].map((attributes, i) => ({ span_id: `m${i}`, attributes: attributes as JsonObject, otel_events: null }));
    const run = messagesOfRun({}, [], [call("m0", "r", 0), call("m1", "r", 1)], contents);
    assert.deepEqual(run.messages.map((m) => m.role), ["system", "user", "assistant", "tool", "assistant"]);
    assert.deepEqual([...run.calls].map(([i, c]) => [i, c.span_id]), [[2, "m0"], [4, "m1"]]);
});

function conversationRun(id: string, from: number, to: number, attributes: JsonObject, more: Partial<ConversationRun> = {}): ConversationRun {
    return { start_timestamp: at(from), end_timestamp: at(to), duration: 1, trace_id: "t", span_id: id, agent_name: "a", model: "m", conversation_id: "c", user_id: null, turns: 1, tool_calls: 0, input_tokens: 1, output_tokens: 1, cache_read_tokens: null, cost: 1, is_cost_complete: true, is_error: false, error_type: null, input: null, output: null, service_name: null, service_version: null, deployment_environment: null, attributes, ...more };
}

test("E5 a conversation: each run adds its new messages, instructions stand once, the same question again is new", () => {
    const sys = { "gen_ai.system_instructions": [{ type: "text", content: "sys" }] };
    const entries = entriesOf({
        runs: [
            conversationRun("r1", 0, 10, { ...sys, "pydantic_ai.all_messages": [text("user", "hi"), text("assistant", "hello")] }),
            conversationRun("r2", 20, 30, { ...sys, "pydantic_ai.all_messages": [text("user", "hi"), text("assistant", "hello"), text("user", "more"), text("assistant", "ok")] }),
            conversationRun("r3", 40, 50, { ...sys, "pydantic_ai.all_messages": [text("user", "hi"), text("assistant", "hey")] }),
        ],
        calls: [],
        contents: [],
        errors: [],
        roots: [],
    });
    const texts = entries.map((e) => e.messages.map(({ message }) => message.parts.map((p) => (p.type === "text" ? p.text : "")).join("")));
    assert.deepEqual(texts, [["sys", "hi", "hello"], ["more", "ok"], ["hi", "hey"]]);
});

test("a run within another of the same conversation is part of it", () => {
    assert.deepEqual(outermost([conversationRun("r1", 0, 100, {}), conversationRun("r2", 10, 20, {}), conversationRun("r3", 10, 20, {}, { trace_id: "u" })]).map((r) => r.span_id), ["r1", "r3"]);
});

test("E5 settings: the reasoning level first, unknown ones as they are, request parameters besides", () => {
    const settings = modelSettings({ "gen_ai.request.temperature": 0.2, "gen_ai.request.reasoning.level": "high", "gen_ai.request.flux": "x", "gen_ai.request.model": "m", model_request_parameters: { output_mode: "tool", thinking: null, function_tools: [{ name: "t" }], output_object: { name: "City" } } });
    assert.deepEqual(settings.map((s) => [s.label, s.value, s.isOther]), [["Reasoning level", "high", false], ["Temperature", "0.2", false], ["flux", "x", true], ["Output mode", "tool", false]]);
    assert.deepEqual(requestParameters({ model_request_parameters: { output_mode: "tool", function_tools: [], output_object: { name: "City" } } }), { output_mode: "tool", output_object: { name: "City" } });
    assert.equal(requestParameters({}), null);
});

test("tools of a run: offered, executed, and those that only messages tell of", () => {
    const messages = messagesOfRun({ "pydantic_ai.all_messages": [{ role: "assistant", parts: [{ type: "tool_call", id: "t1", name: "look", arguments: '{"q": 1}' }, { type: "tool_call", id: "o", name: "final_result", arguments: { x: 1 } }] }] }, [], [], []);
    const cards = toolCards([{ name: "look", kind: null, description: "Looks.", parameters: {} }, { name: "unused", kind: null, description: null, parameters: null }], [tool("t1", "r", "look", 0, { attributes: { "gen_ai.tool.call.result": "7" } })], messages);
    assert.deepEqual(cards.map((c) => [c.name, c.uses.length]), [["look", 1], ["unused", 0], ["final_result", 1]]);
    assert.deepEqual(cards[0]!.uses[0]!.arguments, { q: 1 });
    assert.equal(cards[0]!.uses[0]!.result, "7");
    assert.equal(cards[2]!.uses[0]!.execution, null);
});

test("groups by conversation, session or user", () => {
    const window = { from: "2026-01-01T00:00:00Z", environment: null, weighted: false };
    const sql = groupsSQL("user", window, readFilters(new URLSearchParams({ finish: "refusal", user: "u", filter: "a'b" })), readSort("-cost"));
    assert.match(sql, /SELECT user_id AS id/);
    assert.ok(!sql.includes("user_id = 'u'"), "all users stand in the list of users");
    assert.match(sql, /refusal OR list_contains\(finish_reasons, 'refusal'\)/);
    assert.match(sql, /ILIKE '%a''b%'/);
    assert.match(sql, /ORDER BY cost DESC NULLS LAST/);
    assert.equal(readGrouping(new URLSearchParams("by=nonsense")), "conversation");
});
