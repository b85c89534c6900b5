import assert from "node:assert/strict";
import { test } from "node:test";
import type { LiveCall, LiveRecord } from "../src/api/types";
import { callsBelow, forestOf, visibleRows } from "../src/pages/live/rows";
import { applyBatches, emptyLive } from "../src/pages/live/store";
import { exceptionText } from "../src/pages/live/exceptionText";

let sequence = 0;

function record(trace: string, span: string, parent: string | null, second: number, more: Partial<LiveRecord> = {}): LiveRecord {
    sequence += 1;
    return {
        sequence, trace_id: trace, span_id: span, parent_span_id: parent, start_timestamp: new Date(1_700_000_000_000 + second * 1000).toISOString(), end_timestamp: null,
        duration: 1, kind: "span", level: 9, span_name: span, message: span, msg_template: null, tags: null, otel_scope_name: null, service_name: "s", deployment_environment: null,
        is_exception: false, exception_type: null, otel_status_code: "UNSET", otel_status_message: null, http_response_status_code: null, http_method: null, ...more,
    };
}

function call(trace: string, span: string, more: Partial<LiveCall> = {}): LiveCall {
    return { trace_id: trace, span_id: span, is_duplicate: false, provider: "openai", model: "gpt-4o", input_tokens: 10, output_tokens: 5, cost: 0.5, is_error: false, ...more };
}

test("the text of an exception names its type once, without the modules it lies in", () => {
    assert.equal(exceptionText("ValueError", "weights sum to 1.04"), "ValueError: weights sum to 1.04");
    assert.equal(exceptionText("ValueError", "ValueError: weights sum to 1.04"), "ValueError: weights sum to 1.04");
    assert.equal(exceptionText("fastapi.exceptions.HTTPException", "HTTPException: 502"), "HTTPException: 502");
    assert.equal(exceptionText("decimal.InvalidOperation", "decimal.InvalidOperation: x"), "InvalidOperation: x");
    assert.equal(exceptionText("a.Broken", null), "Broken");
    assert.equal(exceptionText(null, "gone"), "exception: gone");
});

test("a final record replaces the announcement of its span, whatever comes first", () => {
    const pending = record("t", "a", null, 0, { kind: "pending_span", duration: null });
    const final = record("t", "a", null, 0, { duration: 5 });
    for (const order of [[pending, final], [final, pending]]) {
        const state = order.reduce((s, r) => applyBatches(s, [{ sequence: r.sequence, records: [r], calls: [] }]), emptyLive);
        assert.equal(state.held, 1);
        assert.equal(state.traces.get("t")!.items.get("a")!.record.kind, "span");
    }
});

test("traces are newest first, spans of a trace in order of start; untouched traces keep their identity", () => {
    const one = applyBatches(emptyLive, [{ sequence: 1, records: [record("old", "a", null, 0), record("old", "b", "a", 2), record("old", "c", "a", 1)], calls: [] }]);
    const two = applyBatches(one, [{ sequence: 2, records: [record("new", "x", null, 10)], calls: [] }]);
    assert.deepEqual(two.order.map((t) => t.id), ["new", "old"]);
    assert.equal(two.traces.get("old"), one.traces.get("old"));
    const rows = visibleRows(two, new Map([["old:a", true]]));
    assert.deepEqual(rows.map((r) => r.node.item.id), ["x", "a", "c", "b"]);
    assert.deepEqual(visibleRows(two, new Map()).map((r) => r.node.item.id), ["x", "a"]);
});

test("a late parent takes its children in", () => {
    const child = applyBatches(emptyLive, [{ sequence: 1, records: [record("t", "child", "root", 1)], calls: [] }]);
    assert.deepEqual(visibleRows(child, new Map()).map((r) => r.node.item.id), ["child"]);
    const both = applyBatches(child, [{ sequence: 2, records: [record("t", "root", null, 0)], calls: [] }]);
    const rows = visibleRows(both, new Map());
    assert.deepEqual(rows.map((r) => r.node.item.id), ["root"]);
    assert.equal(rows[0]!.summary.count, 1);
});

test("the level of a row is the highest below it", () => {
    const state = applyBatches(emptyLive, [{ sequence: 1, records: [record("t", "a", null, 0), record("t", "b", "a", 1), record("t", "c", "b", 2, { level: 17 })], calls: [] }]);
    assert.equal(visibleRows(state, new Map())[0]!.summary.level, 17);
});

test("duplicates are neither shown nor summed, a later state of a call replaces the earlier", () => {
    const records = [record("t", "run", null, 0), record("t", "chat", "run", 1), record("t", "inner", "chat", 1)];
    let state = applyBatches(emptyLive, [{ sequence: 1, records, calls: [call("t", "chat"), call("t", "inner")] }]);
    assert.equal(visibleRows(state, new Map())[0]!.summary.below.calls, 2);
    state = applyBatches(state, [{ sequence: 2, records: [], calls: [call("t", "inner", { is_duplicate: true })] }]);
    const run = visibleRows(state, new Map())[0]!;
    assert.deepEqual(run.summary.below, { calls: 1, input: 10, output: 5, cost: 0.5, unpriced: 0 });
    const forest = forestOf(run.trace);
    assert.deepEqual(callsBelow(run.node, forest.summaries).map((c) => c.span_id), ["chat"]);
    assert.equal(forest.summaries.get(run.node.children[0]!.children[0]!)!.own, null);
});

test("an unpriced call marks the sum, a failed one without usage does not", () => {
    const records = [record("t", "run", null, 0), record("t", "a", "run", 1), record("t", "b", "run", 2), record("t", "c", "run", 3)];
    const failed = call("t", "c", { is_error: true, input_tokens: null, output_tokens: null, cost: null });
    const state = applyBatches(emptyLive, [{ sequence: 1, records, calls: [call("t", "a"), call("t", "b", { cost: null }), failed] }]);
    const { below } = visibleRows(state, new Map())[0]!.summary;
    assert.equal(below.cost, 0.5);
    assert.equal(below.unpriced, 1);
});

test("memory is bounded: the oldest traces go, and are counted", () => {
    const records = Array.from({ length: 50 }, (_, i) => record(`t${i}`, "a", null, i));
    const state = applyBatches(emptyLive, [{ sequence: 1, records, calls: [] }], 20);
    assert.equal(state.held, 20);
    assert.equal(state.dropped, 30);
    assert.equal(state.order[0]!.id, "t49");
});

test("links that go in a circle still give every record a row", () => {
    const state = applyBatches(emptyLive, [{ sequence: 1, records: [record("t", "a", "b", 0), record("t", "b", "a", 1), record("t", "c", "c", 2)], calls: [] }]);
    const all = visibleRows(state, new Map([["t:a", true], ["t:b", true]]));
    assert.deepEqual(all.map((r) => r.node.item.id).sort(), ["a", "b", "c"]);
});
