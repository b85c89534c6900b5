import assert from "node:assert/strict";
import { test } from "node:test";
import { checks, checkSQL, CheckRow, examplesSQL, readChecks } from "../src/pages/settings/instrumentation/checks";

test("E3: findings by service and scope, warnings first", () => {
    const row = (service: string, counts: Record<string, number>): CheckRow => ({ service_name: service, otel_scope_name: "s", n: 10, latest: "", ...counts });
    const sources = readChecks([row("a", { environment_of: 10, environment_lack: 10 }), row("b", { environment_of: 10, environment_lack: 4 }), row("c", {})], [row("c", { provider_of: 10, provider_lack: 3, status_of: 10, status_lack: 10 })]);
    assert.deepEqual(sources.map((s) => [s.service, s.findings.map((f) => f.check.id)]), [["c", ["provider"]], ["a", ["environment"]], ["b", []]]);
    assert.deepEqual(readChecks([row("a", { parents_of: 9 })], [], [{ service_name: "a", otel_scope_name: "s", parents_lack: 2 }])[0]!.findings.map((f) => [f.check.id, f.lack, f.of]), [["parents", 2, 9]]);
    assert.deepEqual([sources[0]!.records, sources[0]!.calls], [10, 10]);
});

test("E3: every check is counted in its statement", () => {
    for (const from of ["records", "calls"] as const) for (const check of checks.filter((c) => c.from === from)) assert.ok(checkSQL(from).includes(`"${check.id}_lack"`));
    assert.ok(examplesSQL(checks[0]!, "it's", null, (t) => `'${t.replace(/'/g, "''")}'`).includes("r.service_name = 'it''s' AND r.otel_scope_name IS NULL"));
});
