import assert from "node:assert/strict";
import { test } from "node:test";
import { pagePath, parseLocation } from "../src/app/router";
import { betweenText, readBetween, writeBetween } from "../src/components/FilterPill";
import { columns, filtered, readSort, sorted, writeSort } from "../src/pages/agents/columns";
import { isRunUnpriced, runMeasures } from "../src/pages/agents/measures";
import { AgentRow, usageByAgent, withModels } from "../src/pages/agents/queries";
import { readRunFilters, runFiltersSQL } from "../src/pages/agents/runFilters";
import { isRunIncomplete, readRunSort, runsSQL, writeRunSort } from "../src/pages/agents/runQueries";
import { agentTitle, initials, isAgent, ofAgent } from "../src/pages/agents/source";

const window = { from: "2026-01-01T00:00:00Z", environment: null, weighted: false };

function row(agent: string | null, more: Partial<AgentRow> = {}): AgentRow {
    return { agent, provider: null, model: null, models: [], runs: 1, errors: 0, duration_avg: 1, duration_p95: 1, input_tokens: null, output_tokens: null, cost: null, unpriced: 0, turns_avg: 1, turns_p90: 1, tools_avg: 0, tools_p90: 0, last: "2026-01-01T00:00:00Z", ...more };
}

test("addresses of agents, runs and conversations go there and back", () => {
    for (const page of [
        { name: "agents" },
        { name: "agent", agent: "a/b c", provider: null, model: null },
        { name: "agent", agent: "-", provider: null, model: null },
        { name: "agent", agent: null, provider: "openai", model: "gpt/4 o" },
        { name: "agent", agent: null, provider: null, model: null },
        { name: "run", traceId: "t", spanId: "s" },
        { name: "conversations" },
        { name: "conversation", id: "thread 9/x" },
    ] as const) {
        assert.deepEqual(parseLocation(pagePath("o", "p", page), "").page, page);
    }
    assert.equal(parseLocation("/o/p/runs/t", "").page.name, "missing");
});

test("E5 an agent without a name is known by provider and model", () => {
    assert.equal(agentTitle({ agent: null, provider: "openai", model: "gpt-4o" }), "openai / gpt-4o");
    assert.equal(agentTitle({ agent: null, provider: null, model: "gpt-4o" }), "(unknown) / gpt-4o");
    assert.match(isAgent({ agent: null, provider: "openai", model: "gpt-4o" }), /agent_name IS NULL AND model = 'gpt-4o' AND \(SELECT .*\) = 'openai'/);
    assert.match(ofAgent({ agent: null, provider: null, model: null }), /agent_span_id IN \(SELECT span_id FROM agent_runs WHERE agent_name IS NULL AND model IS NULL/);
    assert.equal(isAgent({ agent: "it's", provider: null, model: null }), "agent_name = 'it''s'");
});

test("initials", () => {
    assert.deepEqual(["weather_agent", "support-bot", "scout", "MarketAgent", "x", "übung eins", "", "🦊 fox"].map(initials), ["WA", "SB", "SC", "MA", "X", "ÜE", "?", "FO"]);
});

test("sorting agents: unknown last in both directions, ties by runs", () => {
    const rows = [row("a", { cost: null, runs: 9 }), row("b", { cost: 2 }), row("c", { cost: 1, runs: 1 }), row("d", { cost: 1, runs: 5 })];
    assert.deepEqual(sorted(rows, { column: "cost", descending: true }).map((r) => r.agent), ["b", "d", "c", "a"]);
    assert.deepEqual(sorted(rows, { column: "cost", descending: false }).map((r) => r.agent), ["d", "c", "b", "a"]);
    for (const column of columns) assert.equal(sorted(rows, { column: column.id, descending: true }).length, 4);
    assert.deepEqual(readSort("-cost"), { column: "cost", descending: true });
    assert.deepEqual(readSort("nonsense"), { column: "last", descending: true });
    assert.equal(writeSort(readSort(null)), null);
    assert.equal(writeSort({ column: "runs", descending: false }), "runs");
});

test("filtering agents by name, model and provider", () => {
    const rows = [row("weather", { models: [{ provider: "openai", model: "gpt-4o", calls: 1 }] }), row(null, { provider: "anthropic", model: "claude" })];
    assert.deepEqual(filtered(rows, "OPENAI wea").map((r) => r.agent), ["weather"]);
    assert.deepEqual(filtered(rows, "claude").map((r) => r.provider), ["anthropic"]);
    assert.equal(filtered(rows, "claude openai").length, 0);
});

test("the models of an agent: those of its calls, else the one its run names", () => {
    const { models: _m, provider: _p, ...named } = row("a", { model: "gpt-4o" });
    assert.deepEqual(withModels(named, []).models, [{ provider: null, model: "gpt-4o", calls: 0 }]);
    assert.equal(withModels(named, [{ provider: "openai", model: "gpt-5", calls: 2 }]).provider, "openai");
});

test("usage over time is zero where nothing ran", () => {
    const usage = usageByAgent([{ agent: "a", t: "1970-01-01T00:00:01Z", runs: 3 }, { agent: null, t: "1970-01-01T00:00:00Z", runs: 1 }], [0, 1000, 2000]);
    assert.deepEqual([...usage], [["a", [0, 3, 0]]]);
});

test("A5 percentiles are exact, and weights count rows that were sampled away", () => {
    assert.match(runMeasures(false), /count\(\*\) AS runs/);
    assert.match(runMeasures(true), /sum\(sample_weight\)/);
    for (const weighted of [true, false]) assert.match(runMeasures(weighted), /quantile_cont\(tool_calls, 0\.9\) AS tools_p90/);
    assert.ok(!runMeasures(false).includes("approx"));
    assert.match(isRunUnpriced, /is_cost_complete/);
});

test("A2 a run is incomplete when a call of it has no price, not when nothing was used", () => {
    const run = { cost: 1, is_cost_complete: true, is_error: false, turns: 2, input_tokens: 5, output_tokens: 5 };
    assert.equal(isRunIncomplete(run), false);
    assert.equal(isRunIncomplete({ ...run, is_cost_complete: false }), true);
    assert.equal(isRunIncomplete({ ...run, cost: null }), true);
    assert.equal(isRunIncomplete({ ...run, cost: null, is_cost_complete: false, is_error: true, input_tokens: null, output_tokens: null }), false);
});

test("filters of runs are SQL, with what was typed as text", () => {
    const filters = readRunFilters(new URLSearchParams({ find: "100%'s", model: "m", cost: "0.01..2", duration: "..3", tokens: "5..", failed: "1", conversation: "c" }));
    assert.deepEqual(runFiltersSQL(filters), [
        "(input ILIKE '%100\\%''s%' ESCAPE '\\' OR output ILIKE '%100\\%''s%' ESCAPE '\\')",
        "model = 'm'",
        "conversation_id = 'c'",
        "is_error",
        "cost >= 0.01",
        "cost <= 2",
        "duration <= 3",
        "(input_tokens + output_tokens) >= 5",
    ]);
    assert.deepEqual(runFiltersSQL(readRunFilters(new URLSearchParams({ cost: "nonsense", tokens: "..", failed: "0" }))), []);
});

test("ranges of numbers in addresses", () => {
    assert.deepEqual(readBetween("1.5..2"), { min: 1.5, max: 2 });
    assert.deepEqual(readBetween("..2.25"), { min: null, max: 2.25 });
    assert.deepEqual(readBetween("3.."), { min: 3, max: null });
    assert.equal(readBetween(".."), null);
    assert.equal(readBetween("x"), null);
    for (const range of [{ min: 0.5, max: 0.75 }, { min: null, max: 1 }, { min: 0, max: null }]) assert.deepEqual(readBetween(writeBetween(range)), range);
    assert.equal(writeBetween({ min: null, max: null }), null);
    assert.equal(betweenText({ min: 1, max: 2 }, String), "1 – 2");
});

test("runs are sorted by the server, unknown last", () => {
    const sql = runsSQL({ agent: "a", provider: null, model: null }, { ...window, environment: "prod" }, readRunFilters(new URLSearchParams()), readRunSort("-cost"), 10);
    assert.match(sql, /WHERE deployment_environment = 'prod' AND agent_name = 'a'\nORDER BY cost DESC NULLS LAST/);
    assert.deepEqual(readRunSort("toString"), { column: "time", descending: true });
    assert.equal(writeRunSort(readRunSort("-cost")), "-cost");
    assert.equal(writeRunSort(readRunSort(null)), null);
});
