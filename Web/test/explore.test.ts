import assert from "node:assert/strict";
import test from "node:test";
import { chartData, planChart, stepOf } from "../src/pages/explore/chartModel";
import { suggest, Vocabulary } from "../src/pages/explore/complete";
import { asCurl, asPython, fileName, exportForms } from "../src/pages/explore/exports";
import { formatSQL } from "../src/pages/explore/formatSQL";
import { initialWidths, inSight, offsets } from "../src/pages/explore/grid";
import { remember, searchHistory } from "../src/pages/explore/history";
import { distance, nearest } from "../src/pages/explore/nearest";
import { offsetOf, placeOf, wordLength } from "../src/pages/explore/places";
import { parseBody } from "../src/pages/explore/run";
import { typeName } from "../src/pages/explore/schema";
import { add, close, newTab, open, titleOf } from "../src/pages/explore/tabs";
import { statementAt, statements, tokenize } from "../src/pages/explore/tokens";
import { cellText, columnsOf, rowsAsText, sorted, traceColumnFor } from "../src/pages/explore/values";

const column = (name: string, description = "", type = "text") => ({ name, type, description });
const vocabulary: Vocabulary = {
    tables: [
        { name: "records", description: "", columns: [column("service_name"), column("span_name"), column("level", "", "integer"), column("attributes", "", "JSON"), column("start_timestamp", "", "time")] },
        { name: "llm_calls", description: "", columns: [column("model"), column("cost", "", "number"), column("attributes", "", "JSON")] },
    ],
    attributes: ["gen_ai.request.model", "http.route"],
    resourceAttributes: ["host.name"],
};
const at = (text: string) => suggest(text.replace("|", ""), text.indexOf("|"), vocabulary);
const labels = (text: string) => at(text).items.map((i) => i.label);

test("tokens cover the whole text, whatever it is", () => {
    for (const sql of ["SELECT 'it''s' AS \"a b\", 1.5e3 -- end", "SELECT '", "a->>'b'::int /* open", "€🙂 §"]) assert.equal(tokenize(sql).map((t) => t.text).join(""), sql);
});

test("run means the statement at the cursor, or what is selected", () => {
    const text = "SELECT 1;\n-- only a comment ;\nSELECT ';' AS b ;";
    assert.deepEqual(statements(text).map((s) => s.sql), ["SELECT 1", "-- only a comment ;\nSELECT ';' AS b"]);
    assert.equal(statementAt(text, 2, 2)!.sql, "SELECT 1");
    assert.equal(statementAt(text, 40, 40)!.at, 10);
    assert.equal(statementAt(text, 0, 9)!.sql, "SELECT 1");
    assert.equal(statementAt("  -- nothing", 0, 0), null);
});

test("places of errors are counted as people count", () => {
    const text = "SELECT '🙂',\n  costs";
    const offset = offsetOf(text, 14);
    assert.equal(text.slice(offset, offset + 5), "costs");
    assert.deepEqual(placeOf(text, offset), { line: 2, column: 3 });
    assert.equal(wordLength("sum(costs)", 4), 5);
    assert.equal(wordLength("a + b", 2), 1);
});

test("completion knows what can stand at the cursor", () => {
    assert.ok(labels("SELECT serv| FROM records").includes("service_name"));
    assert.ok(!labels("SELECT serv| FROM llm_calls").includes("service_name"));
    assert.deepEqual(labels("SELECT * FROM llm|"), ["llm_calls"]);
    assert.deepEqual(labels("WITH slow AS (SELECT 1) SELECT * FROM sl|"), ["slow"]);
    assert.deepEqual(labels("SELECT c.mo| FROM llm_calls AS c"), ["model"]);
    assert.deepEqual(labels("SELECT attributes->>'gen| FROM records"), ["gen_ai.request.model"]);
    assert.deepEqual(labels("SELECT otel_resource_attributes->>'ho|' FROM records"), ["host.name"]);
    assert.equal(at("SELECT http.r| FROM records").items.length, 0);
    assert.ok(at("SELECT route| FROM records").items.some((i) => i.insert === "attributes->>'http.route'"));
    assert.deepEqual(at("SELECT 1 -- FROM |").items, []);
});

test("values are asked for after a comparison", () => {
    assert.deepEqual(at("SELECT * FROM records WHERE service_name = 'we|'").valuesOf, { expression: "service_name", table: "records", typed: "we", isQuoted: true });
    assert.equal(at("SELECT * FROM records WHERE service_name IN ('a', 'b|").valuesOf?.expression, "service_name");
    assert.equal(at("SELECT * FROM records WHERE attributes->>'http.route' = '|").valuesOf?.expression, "(attributes->>'http.route')");
    assert.equal(at("SELECT * FROM records WHERE level = |").valuesOf?.expression, "level");
    assert.equal(at("SELECT * FROM records WHERE start_timestamp = '|").valuesOf, undefined);
});

test("formatting lays clauses out and keeps every token", () => {
    const sql = "select model, sum(cost) as cost, count(*) filter (where is_error) from llm_calls c left join records r on c.trace_id=r.trace_id where cost>0.1 and (attributes->>'a b'='x' or -1 < level) group by 1 order by cost desc limit 5";
    const laid = formatSQL(sql);
    assert.equal(
        laid,
        `SELECT model, sum(cost) AS cost, count(*) FILTER (WHERE is_error)
FROM llm_calls c
LEFT JOIN records r ON c.trace_id = r.trace_id
WHERE cost > 0.1 AND (attributes->>'a b' = 'x' OR -1 < level)
GROUP BY 1
ORDER BY cost DESC
LIMIT 5`,
    );
    const words = (text: string) => tokenize(text).filter((t) => t.kind !== "space").map((t) => t.text.toLowerCase());
    for (const text of [sql, "SELECT 1; SELECT 2;", "WITH a AS (SELECT * EXCLUDE (x) FROM records), b AS (SELECT 1) -- why\nSELECT list[1], x::text, CASE WHEN a AND b THEN 1 ELSE 2 END FROM a, b WHERE x BETWEEN 1 AND 2", "SELECT a /* c */ , b"]) {
        assert.deepEqual(words(formatSQL(text)), words(text), text);
        assert.equal(formatSQL(formatSQL(text)), formatSQL(text), text);
    }
    assert.equal(formatSQL("SELECT 'open"), "SELECT 'open");
    assert.equal(formatSQL("SELECT (1"), "SELECT (1");
});

test("a long list stands one item a line", () => {
    const names = Array.from({ length: 20 }, (_, i) => `column_number_${i}`);
    const lines = formatSQL(`SELECT ${names.join(", ")} FROM records`).split("\n");
    assert.equal(lines[0], "SELECT");
    assert.equal(lines[1], "    column_number_0,");
    assert.equal(lines.length, 22);
});

test("queries within queries are indented", () => {
    assert.equal(formatSQL("select * from (select 1 as a) x"), "SELECT *\nFROM (\n    SELECT 1 AS a\n) x");
});

test("tabs: a statement is opened once, an empty tab is used first", () => {
    const first = newTab();
    let tabs = open({ list: [first], active: first.id }, "SELECT 1");
    assert.equal(tabs.list.length, 1);
    tabs = open(tabs, "SELECT 2");
    assert.equal(tabs.list.length, 2);
    tabs = open(tabs, "SELECT 1");
    assert.equal(tabs.list.length, 2);
    assert.equal(tabs.active, first.id);
    tabs = close(tabs, first.id);
    assert.equal(tabs.list.find((t) => t.id === tabs.active)!.sql, "SELECT 2");
    tabs = close(tabs, tabs.active);
    assert.equal(tabs.list.length, 1);
    assert.equal(tabs.list[0]!.sql, "");
    for (let i = 0; i < 40; i += 1) tabs = add(tabs, newTab(`SELECT ${i}`));
    assert.ok(tabs.list.length <= 30);
    assert.ok(tabs.list.some((t) => t.id === tabs.active));
    assert.equal(titleOf(newTab("-- what costs most\nSELECT 1")), "what costs most");
    assert.equal(titleOf(newTab("SELECT model FROM llm_calls GROUP BY model ORDER BY 1")), "llm_calls by model");
    assert.equal(titleOf(newTab("SELECT 1 FROM records GROUP BY 1, 2")), "records");
});

test("history: newest first, once each, with how it went", () => {
    let list = remember([], { sql: " SELECT 1 ", at: 1, elapsed: 3, rows: 1, error: null });
    list = remember(list, { sql: "SELECT 2", at: 2, elapsed: null, rows: null, error: "no" });
    list = remember(list, { sql: "SELECT 1", at: 3, elapsed: 4, rows: 1, error: null });
    assert.deepEqual(list.map((p) => [p.sql, p.times]), [["SELECT 1", 2], ["SELECT 2", 1]]);
    assert.deepEqual(searchHistory(list, "2 select").map((p) => p.sql), ["SELECT 2"]);
});

test("a misspelt name is recognised", () => {
    assert.equal(distance("costs", "cost"), 1);
    assert.equal(nearest("servce_name", ["span_name", "service_name"]), "service_name");
    assert.equal(nearest("zebra", ["span_name", "service_name"]), null);
});

const fields = [
    { name: "t", data_type: { Timestamp: ["Microsecond", "UTC"] } as unknown as string, nullable: true },
    { name: "model", data_type: "Utf8", nullable: true },
    { name: "cost", data_type: "Float64", nullable: true },
    { name: "calls", data_type: "Int64", nullable: true },
];
const rows = [
    { t: "2026-11-21T10:00:00Z", model: "a", cost: 0.5, calls: 2 },
    { t: "2026-11-21T10:00:00Z", model: "b", cost: null, calls: 1 },
    { t: "2026-11-21T12:00:00Z", model: "a", cost: 0.25, calls: 4 },
    { t: "2026-11-21T11:00:00Z", model: "b", cost: 1, calls: 4 },
];

test("a chart is chosen by what the columns are; unknown is a gap", () => {
    const columns = columnsOf(fields, rows);
    const plan = planChart(columns, rows, {})!;
    assert.deepEqual(plan, { kind: "bars", x: "t", y: ["cost"], series: "model" });
    const data = chartData(plan, columns, rows);
    assert.equal(data.x.kind, "steps");
    assert.deepEqual(data.series.map((s) => [s.label, s.values]), [["a", [0.5, null, 0.25]], ["b", [null, 1, null]]]);
    assert.deepEqual(planChart(columns, rows, { x: "model", y: ["calls"], kind: "bars" })!.series, "");
    const sums = chartData(planChart(columns, rows, { x: "model", y: ["calls"] })!, columns, rows);
    assert.deepEqual(sums.series[0]!.values, [6, 5]);
    assert.match(sums.notes[0]!, /added up/);
    assert.equal(planChart(columns.filter((c) => !c.isNumeric), rows, {}), null);
});

test("two numbers of single records are points, told apart by their name", () => {
    const single = Array.from({ length: 40 }, (_, i) => ({ input_tokens: i * 10, duration: i / 10, model: i % 2 ? "a" : "b" }));
    const columns = columnsOf([{ name: "input_tokens", data_type: "Int64", nullable: true }, { name: "duration", data_type: "Float64", nullable: true }, { name: "model", data_type: "Utf8", nullable: true }], single);
    assert.deepEqual(planChart(columns, single, {}), { kind: "points", x: "input_tokens", y: ["duration"], series: "model" });
    const twice = [...single, ...single];
    const data = chartData(planChart(columns, twice, {})!, columns, twice);
    assert.equal(data.series.flatMap((s) => s.values).filter((v) => v !== null).length, 80);
    assert.deepEqual(data.notes, []);
});

test("only regular times are steps", () => {
    assert.equal(stepOf([0, 60_000, 180_000]), 60_000);
    assert.equal(stepOf([0, 60_000, 90_001]), null);
    assert.equal(stepOf([5]), null);
});

test("cells are written by what their column is", () => {
    const columns = columnsOf([...fields, { name: "duration", data_type: "Float64", nullable: true }, { name: "parent_span_id", data_type: "Utf8", nullable: true }], []);
    const by = (name: string) => columns.find((c) => c.name === name)!;
    assert.equal(cellText(by("cost"), 0.0123), "$0.0123");
    assert.equal(cellText(by("cost"), 0.0123, true), "0.0123");
    assert.equal(cellText(by("cost"), null), "—");
    assert.equal(cellText(by("duration"), 0.34), "340ms");
    assert.equal(cellText(by("calls"), 1234567), "1234567");
    assert.equal(by("parent_span_id").kind, "span");
    assert.equal(traceColumnFor("parent_span_id", ["trace_id", "parent_span_id"]), "trace_id");
    assert.equal(traceColumnFor("judged_span_id", ["trace_id", "judged_trace_id"]), "judged_trace_id");
    assert.equal(traceColumnFor("span_id", ["model"]), null);
});

test("sorting puts the unknown last, both ways", () => {
    const order = (values: (string | number | boolean | null)[], descending: boolean) => sorted(values.map((v) => ({ v })), "v", descending).map((row) => row.v);
    assert.deepEqual(order([3, null, 1], false), [1, 3, null]);
    assert.deepEqual(order([3, null, 1], true), [3, 1, null]);
    assert.deepEqual(order(["10", "9", "b", "a"], false), ["9", "10", "a", "b"]);
    assert.deepEqual(order([true, false, null], true), [true, false, null]);
});

test("rows are copied in forms that can be pasted", () => {
    const columns = columnsOf(fields.slice(1, 3), rows);
    const odd = [{ model: "a|b\nc\t\"d\"", cost: 1 }, { model: "", cost: null }];
    assert.equal(rowsAsText(columns, odd, "tsv"), 'model\tcost\na|b c "d"\t1\n\t');
    assert.equal(rowsAsText(columns, odd, "markdown"), '| model | cost |\n| --- | ---: |\n| a\\|b<br>c\t"d" | 1 |\n|  |  |');
    assert.equal(rowsAsText(columns, odd, "csv"), 'model,cost\n"a|b\nc\t""d""",1\n"",');
});

test("only the columns in sight are drawn", () => {
    const at = offsets([100, 100, 100, 100]);
    assert.deepEqual(inSight(at, at[1]! + 10, at[1]! + 60), { first: 0, last: 2 });
    assert.equal(initialWidths(columnsOf(fields, rows), rows).length, 4);
});

test("the same question for other programs, quotes and all", () => {
    const asked = { sql: "SELECT 'it''s' AS a\nFROM records", from: "2026-11-21T00:00:00.000Z", limit: 10, environment: "prod" };
    const site = { url: "http://h:1", project: "local/default", isLoopback: false };
    const curl = asCurl(asked, site);
    assert.match(curl, /Bearer \$HEARTH_READ_TOKEN/);
    assert.ok(curl.includes(`'\\''it'\\'''\\''s'\\''`));
    const script = asPython(asked, site);
    assert.match(script, /"deployment_environment": \["prod"\]/);
    assert.match(script, /SELECT 'it''s' AS a\nFROM records/);
    assert.equal(fileName(exportForms[3]!, new Date(2026, 10, 21, 9, 5)), "hearth-20261121-0905.parquet");
});

test("answers and types are read as the server writes them", () => {
    assert.deepEqual(parseBody('{"data":[{"a":1}]}').data, [{ a: 1 }]);
    assert.equal(typeName("Int16"), "integer");
    assert.equal(typeName({ Timestamp: ["Microsecond", "UTC"] }), "time");
    assert.equal(typeName({ List: { name: "item", data_type: "Utf8", nullable: true } }), "list of text");
});
