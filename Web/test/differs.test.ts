import assert from "node:assert/strict";
import { test } from "node:test";
import { isIdentity, rank, upperTail, ValueRow } from "../src/pages/live/differs/differs";
import { boxCondition, comparison, readBox, writeBox } from "../src/pages/live/differs/selection";

const row = (key: string, value: string, selected: number, others: number, more: Partial<ValueRow> = {}): ValueRow => ({ source: "attribute", key, value, selected, others, distinct_values: 4, occurrences: 2000, selected_size: 100, others_size: 1900, ...more });

test("E2: the tail of the hypergeometric distribution", () => {
    // 3 or more of 5 drawn out of 20 with 8 marked: (C(8,3)C(12,2) + C(8,4)C(12,1) + C(8,5)) / C(20,5).
    assert.ok(Math.abs(upperTail(3, 5, 8, 20) - (56 * 66 + 70 * 12 + 56) / 15504) < 1e-6);
    assert.equal(upperTail(0, 5, 8, 20), 1);
    assert.equal(upperTail(6, 5, 8, 20), 0);
    assert.ok(upperTail(100, 1000, 10000, 100000) > 0.4 && upperTail(100, 1000, 10000, 100000) < 0.6);
    assert.ok(upperTail(900, 1000, 10000, 1_000_000) < 1e-300);
});

test("E2: the planted value comes first, what chance explains does not come", () => {
    const rows = [row("prompt_version", "v3", 87, 450), row("prompt_version", "v1", 5, 480), row("region", "eu", 52, 950), row("tenant", "t4", 9, 95), row("model", "gpt", 100, 1500)];
    assert.deepEqual(rank(rows, "duration > 2").map((d) => d.value), ["v3", "gpt"]);
    assert.deepEqual(rank(rows.slice(2, 4), ""), []);
});

test("E2: ids, bookkeeping and what the filter itself names are left out", () => {
    const rows = [row("request.id", "a", 50, 0, { distinct_values: 900 }), row("session", "x", 40, 0, { distinct_values: 1900 }), row("logfire.msg", "x", 90, 0), row("tenant_id", "acme", 60, 100, { distinct_values: 5 }), row("kind", "slow", 90, 10)];
    assert.deepEqual(rank(rows, "kind = 'span'").map((d) => d.key), ["tenant_id"]);
    assert.equal(isIdentity({ key: "user.id", distinct_values: 3000, occurrences: 200000 }), true);
    assert.deepEqual(rank([row("prompt.version", "v3", 87, 450)], "(attributes->>'prompt.version') = 'v3'"), []);
});

test("E2: one fact under two names is told once", () => {
    assert.equal(rank([row("http.route", "/pay", 60, 100), row("http_route", "/pay", 60, 100, { source: "column" })], "").length, 1);
});

test("a selection is a part of the address", () => {
    const box = { from: 1_700_000_000_000, to: 1_700_000_060_000, least: 0.5, most: 2 };
    assert.deepEqual(readBox(writeBox(box)), box);
    assert.deepEqual(readBox("1~2"), { from: 1, to: 2, least: null, most: null });
    for (const wrong of [null, "", "2~1", "a~b", "1~2~3"]) assert.equal(readBox(wrong), null);
    assert.match(boxCondition(box), /duration >= 0.5 AND duration < 2$/);
});

test("without a box the filter is compared with all else, in the same environment", () => {
    assert.equal(comparison(null, undefined, undefined), null);
    assert.equal(comparison(null, "deployment_environment = 'p'", "deployment_environment = 'p'"), null);
    assert.deepEqual(comparison(null, "(a = 1) AND deployment_environment = 'p'", "deployment_environment = 'p'"), { selected: "(a = 1) AND deployment_environment = 'p'", among: "deployment_environment = 'p'" });
});
