import assert from "node:assert/strict";
import { test } from "node:test";
import { matches } from "../src/app/commands";
import { pagePath, parseLocation } from "../src/app/router";
import { bounds, bucketWidth, readRange, writeRange } from "../src/lib/range";
import { parseTime, relative } from "../src/lib/time";
import { fillBuckets } from "../src/pages/live/buckets";
import { pillClauses } from "../src/pages/live/filters";
import { parseMarkdown } from "../src/panel/llm/markdown";
import { filterAttributes, splitAttributes } from "../src/pages/detail/attributes";

test("addresses go there and back", () => {
    for (const page of [{ name: "live" }, { name: "llms" }, { name: "llm", provider: "a/b c", model: "accounts/x?y" }, { name: "trace", traceId: "abc" }] as const) {
        const { organization, project, page: read } = parseLocation(pagePath("my org", "p", page), "");
        assert.deepEqual([organization, project, read], ["my org", "p", page]);
    }
    assert.equal(parseLocation("/a/b/nowhere", "").page.name, "missing");
    assert.equal(parseLocation("/", "").organization, null);
});

test("ranges", () => {
    const params = new URLSearchParams("range=1h");
    assert.deepEqual(readRange(params, "15m"), { kind: "last", id: "1h", seconds: 3600 });
    assert.deepEqual(readRange(new URLSearchParams("range=nonsense"), "15m"), { kind: "last", id: "15m", seconds: 900 });
    const custom = readRange(new URLSearchParams("from=2026-01-01T00:00:00Z&to=2026-01-01T01:00:00Z"), "15m");
    assert.equal(custom.kind, "custom");
    writeRange(params, custom, "15m");
    assert.equal(params.get("range"), null);
    assert.deepEqual(readRange(params, "15m"), custom);
    assert.deepEqual(bounds({ kind: "last", id: "5m", seconds: 300 }, 1_000_000), { from: 700_000, to: 1_000_000 });
    assert.equal(bucketWidth(900, 120), 10);
    assert.equal(bucketWidth(86400, 24), 3600);
});

test("times keep microseconds", () => {
    assert.equal(parseTime("2026-05-27T13:16:36.517321Z") - Date.parse("2026-05-27T13:16:36.517Z") > 0.32, true);
    assert.equal(relative(0, 61_000), "1m ago");
});

test("buckets: every step is there, counts land in theirs", () => {
    const from = Date.parse("2026-01-01T00:00:05Z");
    const list = fillBuckets([{ t: "2026-01-01T00:00:10Z", band: "error", n: 3 }, { t: "2026-01-01T00:00:10Z", band: "info", n: 4 }], from, from + 60_000, 10);
    assert.equal(list.length, 7);
    assert.deepEqual([list[1]!.total, list[1]!.counts.error], [7, 3]);
});

test("pills become conditions with quoted values", () => {
    assert.deepEqual(pillClauses({ service: "it's", level: "warn", scope: null, tag: null, kind: "log", env: "prod" }), ["service_name = 'it''s'", "level >= 13", "kind = 'log'", "deployment_environment = 'prod'"]);
});

test("Markdown: blocks, nesting, and nothing that runs", () => {
    const types = parseMarkdown("# Title\n\ntext **bold** `code` [x](javascript:alert(1))\n\n- a\n  - b\n- c\n\n1. one\n2. two\n\n> quote\n\n```py\nprint(1)\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n---").map((b) => b.type);
    assert.deepEqual(types, ["heading", "paragraph", "list", "list", "quote", "code", "table", "rule"]);
    assert.deepEqual(parseMarkdown("<script>alert(1)</script>"), [{ type: "paragraph", children: [{ type: "text", text: "<script>alert(1)</script>" }] }]);
    const nested = parseMarkdown("- a\n  - b");
    assert.equal(nested[0]!.type === "list" && nested[0]!.items[0]!.length, 2);
    assert.equal(parseMarkdown("```\nnever closed").length, 1);
    assert.equal(parseMarkdown(">".repeat(5000)).length, 1);
    assert.ok(parseMarkdown("*a ".repeat(20000)).length > 0);
});

test("attributes: arguments apart, bookkeeping hidden, search in keys and values", () => {
    const split = splitAttributes({ symbol: "AAPL", "http.route": "/x", "logfire.msg": "m", "code.filepath": "a.py", "code.lineno": 3 }, { type: "object", properties: { symbol: {} } });
    assert.deepEqual(split, { arguments: { symbol: "AAPL" }, rest: { "http.route": "/x" }, source: "a.py:3" });
    assert.deepEqual(Object.keys(filterAttributes({ a: { deep: "Needle" }, b: 1 }, "needle")), ["a"]);
});

test("commands match by the beginnings of words", () => {
    assert.equal(matches("Theme: dark", "th da"), true);
    assert.equal(matches("Theme: dark", "ark"), false);
});
