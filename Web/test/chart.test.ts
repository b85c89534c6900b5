import assert from "node:assert/strict";
import test from "node:test";
import { headingOf, shortened, xAxis, yAxis } from "../src/components/chart/axes";
import { emptiness } from "../src/components/chart/series";
import { exploreParams } from "../src/lib/explore";

test("axis labels lose digits that say nothing", () => {
    assert.equal(shortened("8.0%"), "8%");
    assert.equal(shortened("$0.0500"), "$0.05");
    assert.equal(shortened("1.25s"), "1.25s");
    assert.equal(shortened("100"), "100");
});

test("steps fill the width and are found under the pointer", () => {
    const axis = xAxis({ kind: "steps", starts: [0, 60_000, 120_000, 180_000], width: 60_000 }, 40, 440);
    assert.equal(axis.band, 100);
    assert.equal(axis.center(0), 90);
    assert.equal(axis.indexAt(39), 0);
    assert.equal(axis.indexAt(241), 2);
    assert.equal(axis.indexAt(9999), 3);
    assert.equal(axis.timeAt(240), 120_000);
});

test("the axis of whole numbers has no halves, and begins at 0", () => {
    const axis = yAxis(0, 1, 0, 200, String, true);
    assert.deepEqual(axis.ticks.map((t) => t.label), ["0", "1"]);
    assert.equal(axis.place(0), 200);
    assert.ok(yAxis(-5, 3, 0, 200, String, true).place(-5) <= 200);
});

test("labels of names are thinned out and cut, never on top of each other", () => {
    const names = Array.from({ length: 60 }, (_, i) => `a rather long name ${i}`);
    const { ticks } = xAxis({ kind: "names", names }, 0, 600);
    assert.ok(ticks.length <= 10);
    for (let i = 1; i < ticks.length; i += 1) assert.ok(ticks[i]!.at - ticks[i - 1]!.at >= 60);
});

test("unknown is not zero", () => {
    assert.equal(emptiness([{ label: "a", values: [null, null] }]), "unknown");
    assert.equal(emptiness([{ label: "a", values: [null, 0] }]), "zero");
    assert.equal(emptiness([{ label: "a", values: [null, 2] }]), null);
});

test("a step is named by both of its ends", () => {
    const start = new Date(2026, 10, 21, 14, 5).getTime();
    assert.equal(headingOf({ kind: "steps", starts: [start], width: 300_000 }, 0), "21 Nov 14:05 – 14:10");
});

test("a link to Explore holds the statement, the range and the environment of the page", () => {
    const page = new URLSearchParams("range=7d&env=prod&q=level>9&sort=cost");
    assert.equal(exploreParams({ sql: " SELECT 1 ", view: "chart" }, page).toString(), "sql=SELECT+1&range=7d&env=prod&view=chart");
    const custom = exploreParams({ sql: "SELECT 1", range: { kind: "custom", from: 0, to: 1000 }, environment: null, limit: 50 }, page);
    assert.equal(custom.get("from"), "1970-01-01T00:00:00.000Z");
    assert.equal(custom.get("env"), null);
    assert.equal(custom.get("limit"), "50");
});
