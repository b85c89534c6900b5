import assert from "node:assert/strict";
import { test } from "node:test";
import type { FullRecord, LLMCall } from "../src/api/types";
import { databaseOf, layOut } from "../src/pages/detail/database";
import { parseTraceback } from "../src/pages/detail/frames";
import { httpOf } from "../src/pages/detail/http";
import { isContentWithheld, missingIn } from "../src/pages/detail/missing";
import { schemaOf, tableOf, typeName } from "../src/pages/detail/schema";
import { validationErrors } from "../src/pages/detail/validation";

const record = (attributes: FullRecord["attributes"], more: Partial<FullRecord> = {}): FullRecord => ({ attributes, kind: "span", service_name: "s", is_exception: false, http_method: null, http_response_status_code: null, url_full: null, http_route: null, otel_events: null, otel_span_kind: "CLIENT", ...more }) as FullRecord;
const call = (more: Partial<LLMCall> = {}): LLMCall => ({ provider: "openai", model: "m", operation: "chat", is_error: false, input_tokens: 1, output_tokens: 1, cost: 0.1, finish_reasons: ["stop"], is_streaming: null, time_to_first_token: null, cost_note: null, ...more }) as LLMCall;

test("E4: an HTTP exchange under old and new names, with headers and bodies", () => {
    const old = httpOf(record({ "http.method": "POST", "http.url": "http://x/a", "http.status_code": 200, "http.flavor": "1.1", "http.request.header.content-type": ["application/json"], "http.request.header.content-length": ["41"], "http.request.body.text": '{"a": 1}', "fastapi.arguments.start_timestamp": "2026-11-21T00:34:55.100Z", "fastapi.arguments.end_timestamp": "2026-11-21T00:34:55.103Z" }))!;
    assert.deepEqual([old.method, old.url, old.status, old.protocol, old.request.size, old.request.body], ["POST", "http://x/a", 200, "HTTP/1.1", 41, { a: 1 }]);
    assert.deepEqual(old.request.headers.map((h) => h.name), ["content-length", "content-type"]);
    assert.deepEqual(old.phases, [{ name: "Arguments", ms: 3 }]);
    const next = httpOf(record({ "http.request.method": "GET", "url.path": "/b", "url.query": "c=1", "http.response.status_code": 404, "client.address": "10.0.0.1" }, { otel_span_kind: "SERVER" }))!;
    assert.deepEqual([next.isServer, next.url, next.status, next.peer], [true, "/b?c=1", 404, "10.0.0.1"]);
    assert.equal(httpOf(record({ "gen_ai.operation.name": "chat" })), null);
});

test("E4: a statement has its clauses on lines of their own, quotes and brackets untouched", () => {
    assert.equal(layOut("select a, 'from where' from t left join u on t.x = u.x where a between 1 and 2 and b in (select c from d where e) order by a limit 3"), "select a, 'from where'\nfrom t\nleft join u on t.x = u.x\nwhere a between 1 and 2\n  and b in (select c from d where e)\norder by a\nlimit 3");
    assert.equal(layOut("select 1\nfrom t"), "select 1\nfrom t");
    const redis = databaseOf(record({ "db.system": "redis", "db.statement": "SET a:b No notes", "db.redis.database_index": 0, "net.peer.name": "h", "net.peer.port": 6379 }))!;
    assert.deepEqual(redis.command, ["SET", "a:b", "No notes"]);
    assert.deepEqual([redis.database, redis.peer], ["0", "h:6379"]);
    assert.deepEqual(databaseOf(record({ "db.system.name": "postgresql", "db.query.text": "select $1", "db.query.parameter.0": "x" }))!.parameters, [["0", "x"]]);
});

test("E4: validation errors of the exception and of FastAPI", () => {
    const error = { type: "missing", loc: ["body", "items", 0, "price"], msg: "Field required", input: { a: 1 }, url: "https://errors.pydantic.dev/missing" };
    const [found] = validationErrors(record({ "exception.logfire.data": JSON.stringify([error]) }));
    assert.deepEqual([found!.where, found!.message, found!.input], ["body.items.0.price", "Field required", { a: 1 }]);
    assert.equal(validationErrors(record({ "fastapi.arguments.errors": [error] })).length, 1);
    assert.equal(validationErrors(record({}, { otel_events: [{ event_name: "exception", event_timestamp: null, attributes: { "exception.logfire.data": [error] } }] })).length, 1);
    assert.deepEqual(validationErrors(record({ "exception.logfire.data": "no list" })), []);
});

test("tracebacks are frames with their code", () => {
    const python = 'Traceback (most recent call last):\n  File "/usr/lib/python3.11/asyncio/runners.py", line 5, in run\n    return self\n  File "app.py", line 9, in main\n    1 / 0\n    ~~^~~\nZeroDivisionError: division by zero\n\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  File "app.py", line 11, in main\n    raise ValueError("x")\nValueError: x\nand more\n';
    const parts = parseTraceback(python)!;
    assert.deepEqual(parts.map((p) => p.kind), ["frames", "error", "note", "frames", "error"]);
    const frames = parts[0]!.kind === "frames" ? parts[0]!.frames : [];
    assert.deepEqual(frames.map((f) => [f.file, f.line, f.name, f.isLibrary]), [["/usr/lib/python3.11/asyncio/runners.py", 5, "run", true], ["app.py", 9, "main", false]]);
    assert.deepEqual(frames[1]!.code, ["1 / 0", "~~^~~"]);
    const js = parseTraceback("TypeError: x\n    at run (/app/src/a.js:3:5)\n    at node:internal/main:12:1")!;
    assert.deepEqual(js.map((p) => p.kind), ["error", "frames"]);
    assert.equal(parseTraceback("Exception in thread\n\tat com.shop.Pay.charge(Pay.java:41)")!.length, 2);
    assert.equal(parseTraceback("ValueError: never raised"), null);
});

test("arguments have the types that the schema names", () => {
    const schema = { type: "object", properties: { when: { type: "string", "x-python-datatype": "datetime" }, order: { type: "object", title: "Order", "x-python-datatype": "PydanticModel" }, n: {}, df: { type: "array", "x-python-datatype": "DataFrame", "x-columns": ["a", "b"], "x-indices": [7], "x-row-count": 1, "x-column-count": 2 } } };
    assert.deepEqual(["when", "order", "n", "df"].map((name) => typeName(schemaOf(schema, name))), ["datetime", "Order", null, "DataFrame 1×2"]);
    assert.deepEqual(tableOf([[1, 2]], schemaOf(schema, "df")), { columns: ["a", "b"], index: ["7"], rows: [[1, 2]] });
    assert.equal(tableOf([[1, 2]], null), null);
});

test("E3: what a call does not say, and why", () => {
    const ids = (a: FullRecord["attributes"], c: LLMCall | null, more: Partial<FullRecord> = {}) => missingIn(record(a, more), c).map((m) => m.id);
    assert.deepEqual(ids({ "gen_ai.input.messages": '[{"role":"user","parts":[{"type":"text","content":"hi"}]}]' }, call()), []);
    assert.deepEqual(ids({ "gen_ai.input.messages": "[]", request_data: {} }, call({ is_streaming: true, output_tokens: null, input_tokens: null, finish_reasons: null })), ["stream", "finish_reasons", "first_token"]);
    assert.deepEqual(ids({ request_data: {}, "gen_ai.response.finish_reason": "stop" }, call({ provider: "(unknown)", cost: null })), ["provider", "singular", "cost"]);
    assert.deepEqual(ids({}, call()), ["content"]);
    assert.deepEqual(ids({}, null, { is_exception: true, otel_status_code: "UNSET", exception_stacktrace: "x" }), ["status"]);
    assert.equal(isContentWithheld({ "gen_ai.input.messages": '[{"role":"user","parts":[{"type":"text"}]},{"role":"assistant","parts":[{"type":"tool_call","id":"1","name":"f"}]}]' }), true);
    assert.equal(isContentWithheld({ "pydantic_ai.all_messages": [{ role: "user", parts: [{ type: "text", content: "hi" }] }] }), false);
});
