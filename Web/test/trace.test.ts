import assert from "node:assert/strict";
import { test } from "node:test";
import type { LLMCall } from "../src/api/types";
import { buildTrace, TraceRecord, visibleNodes } from "../src/pages/trace/model";
import { closedBelow, withValue } from "../src/pages/trace/collapse";
import { compareTraces } from "../src/pages/trace/compare";
import { fromSkeleton } from "../src/pages/trace/queries";
import { criticalPath, selfTime, timeByCategory } from "../src/pages/trace/timing";
import { ticks, wholeView, zoomAround, zoomTo } from "../src/pages/trace/view";

const base = 1_700_000_000_000;

function span(id: string, parent: string | null, from: number, to: number, more: Partial<TraceRecord> = {}): TraceRecord {
    return {
        trace_id: "t", span_id: id, parent_span_id: parent, start: base + from, duration: (to - from) / 1000, kind: "span", level: 9, span_name: id, message: id, msg_template: null, otel_scope_name: "scope", service_name: "s",
        is_exception: false, exception_type: null, otel_status_code: "UNSET", http_response_status_code: null, http_method: null, operation: null, step: null, db_system: null, otel_span_kind: "INTERNAL", ...more,
    };
}

const call = (id: string) => ({ span_id: id, input_tokens: 10, output_tokens: 2, cost: 0.1, is_error: false, retry_count: 1 }) as unknown as LLMCall;

test("tree, sums and facts", () => {
    const model = buildTrace([span("root", null, 0, 100), span("run", "root", 5, 95), span("chat", "run", 10, 50), span("log", "run", 60, 60, { kind: "log", duration: null }), span("bad", "run", 60, 90, { otel_status_code: "ERROR" })], [call("chat")], base + 1000);
    assert.deepEqual(model.nodes.map((n) => n.item.id), ["root", "run", "chat", "bad", "log"]);
    assert.equal(model.spans, 4);
    assert.equal(model.errors, 1);
    assert.equal(model.end - model.start, 100);
    assert.equal(model.byId.get("root")!.item.below.input, 10);
    assert.equal(model.byId.get("chat")!.item.below.calls, 0);
    assert.equal(model.retries, 1);
    assert.deepEqual(visibleNodes(model, new Set(["run"])).map((n) => n.item.id), ["root", "run"]);
});

test("level alone is no error", () => {
    assert.equal(buildTrace([span("a", null, 0, 1, { level: 17 })], [], base).errors, 0);
});

test("an open span runs to the present", () => {
    const model = buildTrace([span("a", null, 0, 0, { kind: "pending_span", duration: null })], [], base + 5000);
    assert.equal(model.isOpen, true);
    assert.equal(model.end - model.start, 5000);
});

test("self time leaves out children, overlaps once", () => {
    const model = buildTrace([span("a", null, 0, 100), span("b", "a", 10, 50), span("c", "a", 40, 60), span("d", "a", 90, 130)], [], base);
    assert.equal(selfTime(model.byId.get("a")!), 100 - 50 - 10);
    assert.equal(selfTime(model.byId.get("b")!), 40);
});

test("the critical path covers the root once, from end to start", () => {
    const model = buildTrace([span("a", null, 0, 100), span("b", "a", 0, 40), span("c", "a", 10, 70), span("d", "a", 75, 100), span("e", "c", 20, 69)], [], base);
    const path = criticalPath(model);
    // b still ran when c began, so nothing waited for it.
    assert.deepEqual([...path.keys()].sort(), ["a", "c", "d", "e"]);
    let sum = 0;
    for (const segments of path.values()) for (const s of segments) sum += s.to - s.from;
    assert.ok(Math.abs(sum - 100) < 1e-6, String(sum));
    assert.deepEqual(path.get("a")!.map((s) => [s.from - base, s.to - base]), [[0, 10], [70, 75]]);
});

test("the time of all categories is the duration of the trace", () => {
    const model = buildTrace([span("a", null, 0, 100), span("chat", "a", 10, 60), span("tool", "a", 50, 90, { operation: "execute_tool" }), span("db", "tool", 55, 70, { db_system: "postgresql" })], [call("chat")], base);
    const totals = timeByCategory(model);
    assert.equal([...totals.values()].reduce((s, v) => s + v, 0), 100);
    assert.equal(totals.get("database"), 15);
    assert.equal(totals.get("own"), 20);
});

test("the requests of a model call are the model's time, those of a tool are not", () => {
    const model = buildTrace([
        span("chat", null, 0, 60), span("post", "chat", 5, 55, { http_method: "POST" }), span("body", "post", 50, 54),
        span("tool", null, 60, 90, { operation: "execute_tool" }), span("get", "tool", 65, 85, { http_method: "GET" }),
    ], [call("chat")], base);
    const totals = timeByCategory(model);
    assert.equal(totals.get("model"), 60);
    assert.equal(totals.get("http"), 20);
    assert.equal(totals.get("tool"), 10);
});

test("a trace of 20,000 spans, 10,000 deep, is laid out without recursion", () => {
    const records = Array.from({ length: 20000 }, (_, i) => span(`s${i}`, i === 0 ? null : i < 10000 ? `s${i - 1}` : "s0", i < 10000 ? 0 : i, 30000));
    const model = buildTrace(records, [], base);
    assert.equal(model.nodes.length, 20000);
    assert.ok(criticalPath(model).size > 0);
});

test("views and the axis", () => {
    assert.deepEqual(zoomTo(0.7, 0.2), { from: 0.2, to: 0.7 });
    assert.deepEqual(zoomAround(wholeView, 0.5, 2), { from: 0, to: 1 });
    const half = zoomAround(wholeView, 0.25, 0.5);
    assert.ok(Math.abs(half.to - half.from - 0.5) < 1e-9 && Math.abs(half.from - 0.125) < 1e-9);
    assert.deepEqual(ticks(0, 1000, 5), [0, 200, 400, 600, 800, 1000]);
    assert.ok(ticks(0, 7590, 8).length <= 9);
});

test("E1: instants without any span count as such, so the categories add up to the trace", () => {
    const model = buildTrace([span("a", null, 0, 40), span("b", null, 70, 100, { db_system: "sqlite" })], [], base);
    const totals = timeByCategory(model);
    assert.equal(totals.get("idle"), 30);
    assert.equal([...totals.values()].reduce((s, v) => s + v, 0), model.end - model.start);
});

test("E1: prompt building holds what it does itself, retrieval its embeddings, guardrails their own", () => {
    const model = buildTrace([
        span("answer", null, 0, 100), span("prompt.build", "answer", 0, 30), span("format", "prompt.build", 0, 10), span("embed", "prompt.build", 10, 20, { operation: "embeddings" }),
        span("select", "prompt.build", 20, 25, { db_system: "sqlite" }), span("check", "answer", 30, 40, { step: "guardrail" }), span("chat", "answer", 40, 90),
    ], [call("chat"), call("embed")], base);
    assert.deepEqual(Object.fromEntries(timeByCategory(model)), { retrieval: 25, database: 5, guardrail: 10, model: 50, own: 10 });
});

test("the record of a streamed answer stands for the time before it", () => {
    const model = buildTrace([span("a", null, 0, 100), span("answer", "a", 90, 90, { kind: "log", duration: null })], [{ ...call("answer"), duration: 0.04 } as LLMCall], base);
    assert.equal(timeByCategory(model).get("model"), 40);
    assert.equal(model.spans, 1);
});

test("time of 100,000 overlapping siblings is counted in a moment", () => {
    const records = Array.from({ length: 100_000 }, (_, i) => span(`s${i}`, i === 0 ? null : "s0", i === 0 ? 0 : i / 100, 2000));
    const model = buildTrace(records, [], base);
    const from = performance.now();
    const sum = [...timeByCategory(model).values()].reduce((s, v) => s + v, 0);
    assert.ok(Math.abs(sum - 2000) < 1e-6);
    assert.ok(performance.now() - from < 3000);
});

test("folding by depth, service and scope", () => {
    const model = buildTrace([span("a", null, 0, 100), span("b", "a", 0, 50, { service_name: "other" }), span("c", "b", 0, 40), span("d", "c", 0, 30)], [], base);
    assert.deepEqual(visibleNodes(model, closedBelow(model, 1)).map((n) => n.item.id), ["a", "b"]);
    assert.deepEqual(visibleNodes(model, new Set(withValue(model, "service_name", "other"))).map((n) => n.item.id), ["a", "b"]);
    assert.deepEqual(withValue(model, "otel_scope_name", "scope"), ["a", "b", "c"]);
    assert.equal(model.deepest, 3);
});

test("a skeleton gives the same records", () => {
    const records = fromSkeleton("t", [{ kind: "span", level: 9, otel_scope_name: null, service_name: "s", is_exception: false, exception_type: null, otel_status_code: "UNSET", http_response_status_code: null, http_method: null, operation: null, step: null, db_system: null, otel_span_kind: null, ids: ["a", "b"], parents: [null, "a"], starts: [1_000_500, 1_001_000], durations: [1500, null], names: ["one", "two"] }]);
    assert.deepEqual(records.map((r) => [r.span_id, r.parent_span_id, r.start, r.duration, r.span_name]), [["a", null, 1000.5, 0.0015, "one"], ["b", "a", 1001, null, "two"]]);
});

test("two traces are compared step by step, by own time", () => {
    const left = buildTrace([span("a", null, 0, 100), span("b", "a", 0, 40)], [], base);
    const right = buildTrace([span("a", null, 0, 300), span("b", "a", 0, 200), span("c", "a", 200, 210, { otel_status_code: "ERROR" })], [], base);
    const steps = compareTraces(left, right);
    assert.deepEqual(steps.map((s) => [s.name, s.difference]), [["b", 160], ["a", 30], ["c", 10]]);
    assert.equal(steps[2]!.left, null);
    assert.equal(steps[2]!.right!.errors, 1);
});
