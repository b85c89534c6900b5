import assert from "node:assert/strict";
import { test } from "node:test";
import type { LLMCall } from "../src/api/types";
import { buildTrace, TraceRecord, visibleNodes } from "../src/pages/trace/model";
import { criticalPath, selfTime, timeByCategory } from "../src/pages/trace/timing";
import { ticks, wholeView, zoomAround, zoomTo } from "../src/pages/trace/view";

const base = 1_700_000_000_000;

function span(id: string, parent: string | null, from: number, to: number, more: Partial<TraceRecord> = {}): TraceRecord {
    return {
        sequence: 0, trace_id: "t", span_id: id, parent_span_id: parent, start_timestamp: new Date(base + from).toISOString(), end_timestamp: null, duration: (to - from) / 1000, kind: "span", level: 9,
        span_name: id, message: id, msg_template: null, tags: null, otel_scope_name: null, service_name: "s", deployment_environment: null, is_exception: false, exception_type: null, otel_status_code: "UNSET",
        otel_status_message: null, http_response_status_code: null, http_method: null, operation: null, db_system: null, otel_span_kind: "INTERNAL", ...more,
    };
}

const call = (id: string) => ({ span_id: id, input_tokens: 10, output_tokens: 2, cost: 0.1, is_error: false, retry_count: 1 }) as unknown as LLMCall;

test("tree, sums and facts", () => {
    const model = buildTrace([span("root", null, 0, 100), span("run", "root", 5, 95), span("chat", "run", 10, 50), span("log", "run", 60, 60, { kind: "log", duration: null }), span("bad", "run", 60, 90, { otel_status_code: "ERROR" })], [call("chat")], base + 1000);
    assert.deepEqual(model.nodes.map((n) => n.item.id), ["root", "run", "chat", "bad", "log"]);
    assert.equal(model.spans, 4);
    assert.equal(model.errors, 1);
    assert.equal(model.end - model.start, 100);
    assert.equal(model.below.get(model.byId.get("root")!)!.input, 10);
    assert.equal(model.below.get(model.byId.get("chat")!)!.calls, 0);
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
