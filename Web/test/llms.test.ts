import assert from "node:assert/strict";
import { test } from "node:test";
import { filtered, readSort, sorted, writeSort } from "../src/pages/llms/columns";
import { difference, pairScores, readCompared, scoreText, writeCompared } from "../src/pages/llms/compare";
import { condition, dimension, groupExpressions, keepView, keyCondition, readFilters, readGroups, withoutFilters, withValue } from "../src/pages/llms/dimensions";
import type { ModelRow, TrendRow } from "../src/pages/llms/queries";
import { modelsSQL, only, where } from "../src/pages/llms/queries";
import { rowKey, steps, trendsByRow } from "../src/pages/llms/trends";

const row = (model: string | null, more: Partial<ModelRow>): ModelRow => ({ key: ["p", model], calls: 1, errors: 0, cost: null, ...more }) as ModelRow;
const conditions = (query: string) => readFilters(new URLSearchParams(query)).map(condition);
const names = (rows: readonly ModelRow[]) => rows.map((r) => r.key[1]);

test("the table sorts unknown values last in both directions, filters by words", () => {
    const rows = [row("a", { cost: 1 }), row("b", { cost: null }), row("c", { cost: 3 })];
    assert.deepEqual(names(sorted(rows, { column: "cost", descending: true })), ["c", "a", "b"]);
    assert.deepEqual(names(sorted(rows, { column: "cost", descending: false })), ["a", "c", "b"]);
    assert.deepEqual(names(filtered(rows, "P c")), ["c"]);
    assert.deepEqual(readSort(writeSort({ column: "cost", descending: true })), { column: "cost", descending: true });
    assert.deepEqual(readSort(null), { column: "calls", descending: true });
});

test("trends have a value for every step", () => {
    const starts = steps(0, 4 * 3600_000, 3600);
    const trend = trendsByRow([{ key: ["p", "m"], t: new Date(3600_000).toISOString(), calls: 4, errors: 1, duration_avg: 2 } as TrendRow], starts).get(rowKey(["p", "m"]))!;
    assert.deepEqual(trend.calls, [0, 4, 0, 0]);
    assert.deepEqual(trend.errors, [null, 0.25, null, null]);
});

test("E6 filters of an address become conditions with quoted values", () => {
    assert.deepEqual(conditions("is.service_name=it's&is.service_name=b"), ["service_name IN ('it''s', 'b')"]);
    assert.deepEqual(conditions("is.attributes.team%20name=x"), ["(attributes->>'team name') = 'x'"]);
    assert.deepEqual(conditions("is.resource.k8s.pod=a'b"), ["(otel_resource_attributes->>'k8s.pod') = 'a''b'"]);
    assert.deepEqual(conditions("is.refusal=true"), ["CAST(refusal AS VARCHAR) = 'true'"]);
    assert.deepEqual(conditions("is.finish_reasons=stop&is.finish_reasons=length"), ["list_has_any(finish_reasons, ['stop', 'length'])"]);
    assert.deepEqual(conditions("is.user_id=(unknown)&is.user_id=u"), ["(user_id = 'u' OR user_id IS NULL)"]);
    assert.deepEqual(conditions("not.user_id=u"), ["(user_id = 'u') IS NOT TRUE"]);
    assert.match(conditions("is.tool=look")[0]!, /^\(trace_id, span_id\) IN \(SELECT .* ASOF JOIN llm_calls .* WHERE t\.tool_name IN \('look'\)\)$/);
    assert.deepEqual(conditions("is.nothing=1&is.__proto__=1&x=2&is.constructor=3"), []);
});

test("E6 a value is wanted, unwanted or neither; other parameters stay", () => {
    const agent = dimension("agent_name")!;
    const on = withValue(new URLSearchParams("env=prod"), agent, "a", false, true);
    assert.equal(on.toString(), "env=prod&is.agent_name=a");
    assert.equal(withValue(on, agent, "a", true, true).toString(), "env=prod&not.agent_name=a");
    assert.equal(withValue(on, agent, "a", false, false).toString(), "env=prod");
    assert.equal(withValue(on, agent, null, false, true).getAll("is.agent_name").length, 2);
    assert.equal(withoutFilters(on).toString(), "env=prod");
    assert.equal(keepView(new URLSearchParams("range=7d&by=x&sort=cost&is.model=m")).toString(), "range=7d&is.model=m");
});

test("E6 rows are grouped by models unless the address says otherwise", () => {
    const groups = (query: string) => readGroups(new URLSearchParams(query));
    assert.deepEqual(groupExpressions(groups("")), ["provider", "model"]);
    assert.deepEqual(groupExpressions(groups("by=attributes.feature&by=model&by=tenant_id")), ["(attributes->>'feature')", "provider", "model"]);
    assert.deepEqual(groups("by=tool&by=nonsense"), []);
    assert.equal(keyCondition(groups("by=tenant_id"), [null]), "tenant_id IS NULL");
    const sql = modelsSQL({ from: "", environment: "prod", weighted: true, filters: readFilters(new URLSearchParams("is.region=eu")) }, groups("by=prompt_version"));
    assert.match(sql, /prompt_version AS k0/);
    assert.match(sql, /WHERE deployment_environment = 'prod' AND region = 'eu'\nGROUP BY k0/);
    assert.match(sql, /sum\(sample_weight\)/);
});

test("the values of a facet are those that the other filters leave", () => {
    const window = { from: "", environment: null, weighted: false, filters: readFilters(new URLSearchParams("is.region=eu&is.tenant_id=t")) };
    assert.equal(where(window, only("(unknown)", "m"), dimension("region")!), "tenant_id = 't' AND provider IS NULL AND model = 'm'");
});

test("E6 two rows: differences, which of them are good news, and scores side by side", () => {
    assert.deepEqual(difference(2, 1, "less"), { text: "−50%", tone: "good" });
    assert.deepEqual(difference(1, 1.05, "less"), { text: "+5.0%", tone: "bad" });
    assert.deepEqual(difference(0, 3, "less"), { text: "new", tone: "bad" });
    assert.deepEqual(difference(1, 50, null), { text: "×50", tone: null });
    assert.equal(difference(null, 1, "more"), null);
    const score = (name: string, average: number | null, pass_rate: number | null) => ({ name, result_type: null, average, pass_rate, n: 1 });
    const pairs = pairScores([score("a", 1, null), score("b", 0.5, null)], [score("b", 0.75, null)]);
    assert.deepEqual(pairs.map((p) => p.name), ["b", "a"]);
    assert.equal(scoreText(score("x", 1, 0.5)), "50% passed");
    assert.equal(scoreText(null), "—");
    const keys = [rowKey(["p", null]), rowKey(["q", 'm"'])];
    assert.deepEqual(readCompared(writeCompared(keys)), keys);
    assert.deepEqual(readCompared("not json"), []);
    assert.deepEqual(readCompared('[{"a":1},["x"],["y"],["z"]]'), ['["x"]', '["y"]']);
});
