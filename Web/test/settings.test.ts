import assert from "node:assert/strict";
import { test } from "node:test";
import { readProblem } from "../src/api/problem";
import { setRequestProject, requestProject } from "../src/api/client";
import type { SamplingRule } from "../src/api/protect";
import type { ProjectSummary } from "../src/api/types";
import { searchProjects } from "../src/app/ProjectSwitcher";
import { nextAddress, pagePath, parseLocation, sections } from "../src/app/router";
import { readNumber } from "../src/components/NumberField";
import { expiresAt, untilText } from "../src/lib/expiry";
import { collectorConfiguration, grpcAddress, Target, writeGuides } from "../src/lib/guides";
import { emailError, passwordError, projectNameError } from "../src/lib/names";
import { dollars, periodText, priceText, readPrice, sortedUnits, unitOf } from "../src/lib/prices";
import { markFound, markPlaceholders } from "../src/lib/redacted";
import { canonical, moved, replaced, without } from "../src/lib/useDraft";
import { costMix, costReason } from "../src/components/Cost";
import { isBad, resultText } from "../src/pages/detail/evaluations";
import { errorOnly } from "../src/pages/live/ErrorOnlyHint";
import type { Health } from "../src/api/health";
import { added, rate, rates, Sample, workTitle } from "../src/pages/settings/health/history";
import { browserName } from "../src/pages/settings/account/Account";
import { dailyCounts } from "../src/pages/settings/redaction/Audit";
import { readSample } from "../src/pages/settings/redaction/Trial";
import type { KeepRule } from "../src/api/retention";
import { previewText } from "../src/pages/settings/retention/PreviewTable";
import * as keep from "../src/pages/settings/retention/rules";
import { conditions, rateText, ruleFault, withCondition } from "../src/pages/settings/sampling/rules";

test("addresses of settings and of the pages outside of projects", () => {
    for (const section of sections) {
        const path = pagePath("local", "default", { name: "settings", section });
        assert.deepEqual(parseLocation(path, "").page, { name: "settings", section });
    }
    assert.equal(parseLocation("/local/default/settings/nowhere", "").page.name, "missing");
    assert.deepEqual(parseLocation("/login", "next=%2Fa").door, { name: "login" });
    assert.deepEqual(parseLocation("/device/AB-12", "").door, { name: "device", code: "AB-12" });
    assert.deepEqual(parseLocation("/invite/x", "").door, { name: "invite", code: "x" });
    assert.equal(parseLocation("/local/default", "").door, null);
});

test("after signing in one stays on this site", () => {
    const next = (value: string) => nextAddress(new URLSearchParams({ next: value }));
    assert.equal(next("/a/b?q=1"), "/a/b?q=1");
    for (const bad of ["//elsewhere", "/\\elsewhere", "https://elsewhere", "javascript:alert(1)", "", "/login?next=/"]) assert.equal(next(bad), "/", bad);
});

test("errors of all forms", () => {
    assert.deepEqual(readProblem({ detail: "no" }, "x"), { detail: "no", position: null, fields: {} });
    assert.deepEqual(readProblem({ detail: [{ loc: ["body", "project_name"], msg: "too short" }] }, "x").fields, { project_name: "too short" });
    assert.equal(readProblem({ detail: [{ loc: ["body", "prices", "input_mtok"], msg: "m" }] }, "x").fields["prices.input_mtok"], "m");
    assert.deepEqual(readProblem({ detail: "refused", errors: [{ path: "rules[2].pattern", message: "no end" }] }, "x").fields, { "rules[2].pattern": "no end" });
    assert.deepEqual(readProblem({ title: "t", position: 4 }, "x"), { detail: "t", position: 4, fields: {} });
    assert.equal(readProblem(null, "fallback").detail, "fallback");
});

test("the project of requests", () => {
    setRequestProject("a/b");
    assert.equal(requestProject(), "a/b");
    setRequestProject(null);
    assert.equal(requestProject(), undefined);
});

test("names, passwords, addresses", () => {
    for (const good of ["ab", "shop-2", "a".repeat(50)]) assert.equal(projectNameError(good), null, good);
    for (const bad of ["a", "A-b", "a_b", "-ab", "ab-", "a--b", "a b", "ä-b", "a".repeat(51)]) assert.notEqual(projectNameError(bad), null, bad);
    assert.notEqual(passwordError("123456789"), null);
    assert.equal(passwordError("1234567890"), null);
    assert.equal(emailError(" ada@example.com "), null);
    assert.notEqual(emailError("ada"), null);
});

test("projects are found by any words of their path", () => {
    const list = [["local", "default"], ["acme", "research-eu"]].map(([organization_name, project_name]) => ({ organization_name, project_name }) as ProjectSummary);
    assert.deepEqual(searchProjects(list, "eu acme").map((p) => p.project_name), ["research-eu"]);
    assert.equal(searchProjects(list, "").length, 2);
    assert.equal(searchProjects(list, "none").length, 0);
});

test("ends of tokens", () => {
    const now = Date.parse("2026-11-21T10:00:00Z");
    assert.equal(expiresAt("never", "", now), undefined);
    assert.equal(expiresAt("30d", "", now), "2026-12-21T10:00:00.000Z");
    assert.equal(expiresAt("custom", "nonsense", now), undefined);
    assert.equal(new Date(expiresAt("custom", "2026-12-01", now)!).getDate(), 1);
    assert.equal(untilText(now + 3 * 86400e3, now), "in 3 days");
    assert.equal(untilText(now - 7200e3, now), "2 h ago");
});

test("snippets carry address and token, or no token where none is needed", () => {
    const open: Target = { base: "http://127.0.0.1:4318", token: null, project: "local/default" };
    const closed: Target = { base: "https://hearth.example:443", grpc: "https://hearth.example:4317", token: "pylf_v1_local_x", project: "a/b" };
    for (const guide of writeGuides(closed, 0)) {
        const text = guide.steps.map((s) => s.code).join("\n");
        assert.ok(text.includes("pylf_v1_local_x"), guide.id);
        assert.ok(text.includes(guide.id === "grpc" ? "https://hearth.example:4317" : "https://hearth.example:443"), guide.id);
    }
    for (const guide of writeGuides(open, 0)) assert.ok(!guide.steps.some((s) => /null|undefined|authorization/i.test(s.code)), guide.id);
    assert.equal(grpcAddress(open), "http://127.0.0.1:4317");
    assert.match(collectorConfiguration(closed), /headers:\n {6}authorization: pylf_v1_local_x/);
});

test("what was found is marked, what stands there now too", () => {
    const text = (pieces: { text: string }[]) => pieces.map((p) => p.text).join("");
    const marked = (pieces: { text: string; isMarked: boolean }[]) => pieces.filter((p) => p.isMarked).map((p) => p.text);
    const cases: [string, string | null, string[]][] = [
        ["mail jane@example.com now", "mail [Redacted: email] now", ["jane@example.com"]],
        ["a@b.c and d@e.f", "[Redacted: email] and [email:9f86d081884c7d65]", ["a@b.c", "d@e.f"]],
        ["hunter2", "[Scrubbed due to 'password']", ["hunter2"]],
        ["gone", null, ["gone"]],
        ["the same", "the same", []],
        ["x=secret", "x=[Redacted: my rule]", ["secret"]],
        ["not a placeholder here", "not HERE", ["a placeholder here"]],
    ];
    for (const [before, after, found] of cases) {
        const pieces = markFound(before, after);
        assert.equal(text(pieces), before);
        assert.deepEqual(marked(pieces), found, before);
    }
    assert.deepEqual(marked(markPlaceholders("a [Redacted: email] b [email:9f86d081884c7d65]")), ["[Redacted: email]", "[email:9f86d081884c7d65]"]);
    assert.deepEqual(marked(markPlaceholders("plain [text] here")), []);
});

test("samples are JSON where they look like it", () => {
    assert.deepEqual(readSample(' {"a": 1} '), { a: 1 });
    assert.equal(readSample("{broken"), "{broken");
    assert.equal(readSample("12"), "12");
});

test("counts a day fill the days without", () => {
    const now = Date.parse("2026-11-21T10:00:00Z");
    const audit = { total: 3, since: null, rules: [], days: [{ date: "2026-11-21", rule: "email", count: 2 }, { date: "2026-11-20", rule: "other", count: 1 }] };
    assert.deepEqual(dailyCounts(audit, "email", now, 3), [0, 0, 2]);
});

test("sampling rules", () => {
    assert.equal(rateText(1), "keeps all");
    assert.equal(rateText(0), "removes all");
    assert.equal(rateText(0.1), "each counts 10 times");
    assert.equal(rateText(0.3), "each counts about 3.33 times");
    let rule: SamplingRule = { name: "r", condition: "error", rate: 0.5 };
    for (const { id } of conditions) {
        rule = withCondition(rule, id);
        assert.deepEqual([rule.name, rule.rate, rule.condition], ["r", 0.5, id]);
    }
    assert.equal(ruleFault({ name: "", condition: "error", rate: 1 }), "name");
    assert.equal(ruleFault({ name: "x", condition: "service", value: " ", rate: 1 }), "value");
    assert.equal(ruleFault({ name: "x", condition: "attribute", key: "k", value: null, rate: 1 }), null);
});

test("keep rules", () => {
    let rule: KeepRule = { name: "r", condition: "error", days: 7 };
    for (const { id } of keep.conditions) {
        rule = keep.withCondition(rule, id);
        assert.deepEqual([rule.name, rule.days, rule.condition], ["r", 7, id]);
    }
    assert.equal(keep.ruleFault({ name: " ", condition: "error", days: 1 }), "name");
    assert.equal(keep.ruleFault({ name: "x", condition: "sql", days: 1, sql: "" }), "sql");
    assert.equal(keep.ruleFault({ name: "x", condition: "tag", days: 1, value: "" }), "value");
    assert.equal(keep.ruleFault({ name: "x", condition: "metric", days: null, value: null }), null);
    const settings = { days: 30, bytes: null, rules: [] };
    const note = (days: number | null, server: number | null) => keep.ruleNote({ name: "x", condition: "error", days }, settings, server);
    assert.equal(note(90, null), null);
    assert.equal(note(30, null), "keeps no longer than everything is kept");
    assert.equal(note(90, 60), "ends after 60 days with the server's own limit");
    assert.equal(note(null, 60), "ends after 60 days with the server's own limit");
    assert.deepEqual([5e6, 5e9, 5e12].map(keep.sizeUnit), ["MB", "GB", "TB"]);
});

test("a preview in one sentence", () => {
    const none = { records: 0, metric_points: 0, bytes: 0, days: [], kept_records: 0, kept_metric_points: 0, kept_bytes: 0, kept: [], is_estimate: false, remaining_records: 0, remaining_bytes: 0 };
    const day = { day: "2026-01-01", reason: "size" as const, records: 5, metric_points: 1, bytes: 2e6, kept_records: 1, kept_metric_points: 0, kept_bytes: 0, drops_kept: false };
    assert.equal(previewText(none), "Nothing would be removed now.");
    // A day that is cut down and then goes is one day.
    assert.equal(previewText({ ...none, records: 10, metric_points: 1, bytes: 4e6, days: [day, { ...day, drops_kept: true }], is_estimate: true }), "About 10 records and 1 metric point of 1 day would be removed, about 4 MB.");
});

test("lists that are edited", () => {
    assert.deepEqual(moved(["a", "b", "c"], 2, -1), ["a", "c", "b"]);
    assert.deepEqual(moved(["a", "b"], 0, -1), ["a", "b"]);
    assert.deepEqual(replaced(["a", "b"], 1, "c"), ["a", "c"]);
    assert.deepEqual(without(["a", "b"], 0), ["b"]);
    assert.equal(canonical({ b: [{ d: 1, c: null }], a: 2 }), canonical({ a: 2, b: [{ c: null, d: 1 }] }));
    assert.notEqual(canonical([1, 2]), canonical([2, 1]));
    assert.equal(readNumber("1,5"), 1.5);
    assert.equal(readNumber("x"), null);
    assert.equal(readNumber(" "), null);
});

test("prices keep every digit", () => {
    assert.equal(dollars("2.5"), "$2.50");
    assert.equal(dollars("0.075"), "$0.075");
    assert.equal(dollars("10"), "$10.00");
    assert.equal(dollars("0.0000001"), "$0.0000001");
    assert.equal(priceText({ base: "3", tiers: [{ start: 200000, price: "6" }] }), "$3.00, above 200,000 tokens $6.00");
    assert.deepEqual(unitOf("cache_read_mtok"), { label: "Cache read", per: "million tokens" });
    assert.deepEqual(unitOf("audio_hours"), { label: "Audio", per: "hour" });
    assert.deepEqual(sortedUnits({ output_mtok: "1", requests_kcount: "1", input_mtok: "1" }), ["input_mtok", "output_mtok", "requests_kcount"]);
    for (const [text, value] of [["$2.50", "2.50"], [".5", "0.5"], ["2,5", "2.5"], ["3.", "3"]]) assert.equal(readPrice(text!), value);
    for (const text of ["", "abc", "1e3", "-1", "."]) assert.equal(readPrice(text), null, text);
    assert.equal(periodText(null, null), "always");
    assert.equal(periodText("2026-01-01", null), "from 2026-01-01");
});

test("browsers by their user agent", () => {
    assert.equal(browserName("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"), "Chrome on Linux");
    assert.equal(browserName("curl/8.5"), "curl");
    assert.equal(browserName(null), "Unknown browser");
});

test("results of evaluations in a word", () => {
    const base = { start_timestamp: "", source: "event", name: "n", result_type: null, value: null, label: null, passed: null, explanation: null, error_type: null, evaluator_name: null, trace_id: "", span_id: "" };
    assert.equal(resultText({ ...base, result_type: "assertion", passed: true, value: 1, label: "pass" }), "passed");
    assert.equal(resultText({ ...base, result_type: "score", value: 0.123456, label: null }), "0.1235");
    assert.equal(resultText({ ...base, value: 0, label: "thumbs down" }), "0 (thumbs down)");
    assert.equal(resultText({ ...base, label: "relevant" }), "relevant");
    assert.equal(resultText({ ...base, error_type: "ValueError" }), "ValueError");
    assert.equal(resultText(base), "—");
    assert.equal(isBad({ ...base, passed: false }), true);
});

test("services of which only failures arrive", () => {
    const rows = [
        { service_name: "fine", spans: 10, errors: 9 },
        { service_name: "broken", spans: 5, errors: 5 },
        { service_name: "few", spans: 4, errors: 4 },
        { service_name: null, spans: 50, errors: 50 },
    ];
    assert.deepEqual(errorOnly(rows).map((r) => r.service_name), ["broken"]);
});

test("the origin of a cost in a sentence", () => {
    const priced = { cost: 0.5, cost_source: "computed", cost_note: "openai gpt-4o", price_version: "0.2.3" };
    assert.equal(costReason(priced), "$0.5000000, computed with prices 0.2.3: openai gpt-4o");
    assert.equal(costReason({ ...priced, cost_source: "sent" }), "$0.5000000, sent with the call");
    assert.equal(costReason({ ...priced, cost: null, cost_source: "unpriced", cost_note: "no model matches" }), "No cost: no model matches");
    assert.match(costMix({ cost: 1, sent: 2, computed: 3, unpriced: 1, unpriced_note: "why" }), /2 sent, 3 computed, 1 without a price \(why\)/);
});

test("health: rates come from neighbouring samples, and a restart begins anew", () => {
    const sample = (at: number, stored: number, start = 1): Sample => ({ at, health: { ingest: { spans: { stored } }, process: { start_time: start } } as unknown as Health });
    const spans = (h: Health) => h.ingest.spans.stored;
    let samples = added([], sample(0, 100));
    assert.equal(rate(samples, spans), null);
    samples = added(samples, sample(2000, 300));
    assert.equal(rate(samples, spans), 100);
    assert.deepEqual(rates(samples, spans), [null, 100]);
    samples = added(samples, sample(4000, 5, 2));
    assert.equal(samples.length, 1);
    assert.equal(workTitle("seal"), "Sealing");
    assert.equal(workTitle("tidy_up"), "Tidy up");
});
