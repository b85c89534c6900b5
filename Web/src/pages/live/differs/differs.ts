// "What differs": which values are more frequent in a selection than outside of it, beyond what chance explains.

import type { Comparison } from "./selection";

/** Records of either side that are looked at; of larger sides an even sample. */
export const sample = 30_000;
/** Times that a value must occur in the selection. */
export const least = 5;
/** Share of the selection from which on a value explains a good part of it. */
const goodPart = 0.05;
/** Chance of a single wrong answer among everything that was tested. */
const alpha = 0.001;

export interface Sizes {
    selected: number;
    others: number;
}

/** Columns beside the attributes, and the name under which their values filter. */
const columns = ["service_name", "service_version", "deployment_environment", "span_name", "otel_scope_name", "kind", "level", "otel_status_code", "exception_type", "http_route", "http_method", "http_response_status_code"] as const;

function among(c: Comparison): string {
    return `kind <> 'span_event'${c.among ? ` AND (${c.among}\n)` : ""}`;
}

export function sizesSQL(c: Comparison): string {
    return `SELECT count(*) FILTER (WHERE chosen) AS selected, count(*) FILTER (WHERE NOT chosen) AS others
FROM (SELECT coalesce((${c.selected}\n), false) AS chosen FROM records WHERE ${among(c)})`;
}

/** Every value of both sides with how often it occurs. `nth` thins a side out to every n-th record, by the hash of its id. */
export function valuesSQL(c: Comparison, sizes: Sizes): string {
    const thin = (size: number) => (size <= sample ? "" : ` AND hash(span_id) % ${Math.ceil(size / sample)} = 0`);
    const text = (column: string) => (column === "level" || column === "http_response_status_code" ? `${column}::VARCHAR` : column);
    return `WITH looked AS (
  SELECT chosen, ${columns.join(", ")}, tags, attributes, otel_resource_attributes
  FROM (SELECT coalesce((${c.selected}\n), false) AS chosen, * FROM records WHERE ${among(c)})
  WHERE (chosen${thin(sizes.selected)}) OR (NOT chosen${thin(sizes.others)})
), pairs AS (
  SELECT chosen, 'attribute' AS source, key, attributes->>key AS value FROM (SELECT chosen, attributes, unnest(json_keys(attributes)) AS key FROM looked)
  UNION ALL
  SELECT chosen, 'resource', key, otel_resource_attributes->>key FROM (SELECT chosen, otel_resource_attributes, unnest(json_keys(otel_resource_attributes)) AS key FROM looked)
  UNION ALL
  SELECT chosen, 'tag', 'tags', unnest(tags) FROM looked
${columns.map((column) => `  UNION ALL SELECT chosen, 'column', '${column}', ${text(column)} FROM looked`).join("\n")}
), counted AS (
  SELECT source, key, value, count(*) FILTER (WHERE chosen) AS selected, count(*) FILTER (WHERE NOT chosen) AS others
  FROM pairs WHERE value IS NOT NULL AND value <> '' AND length(value) <= 200 GROUP BY ALL
), rated AS (
  SELECT *, count(*) OVER (PARTITION BY source, key) AS distinct_values, sum(selected + others) OVER (PARTITION BY source, key) AS occurrences FROM counted
)
SELECT source, key, value, selected, others, distinct_values, occurrences, (SELECT count(*) FILTER (WHERE chosen) FROM looked) AS selected_size, (SELECT count(*) FILTER (WHERE NOT chosen) FROM looked) AS others_size
FROM rated WHERE selected >= ${least} ORDER BY selected DESC`;
}

export interface ValueRow {
    source: "attribute" | "resource" | "tag" | "column";
    key: string;
    value: string;
    selected: number;
    others: number;
    distinct_values: number;
    occurrences: number;
    selected_size: number;
    others_size: number;
}

export interface Difference {
    source: ValueRow["source"];
    key: string;
    value: string;
    /** Occurrences among the records that were looked at, and the share of its side that has the value. */
    selected: number;
    others: number;
    selectedShare: number;
    othersShare: number;
    lift: number;
    /** The chance that a selection without any connection shows as much. */
    chance: number;
}

/** Keys of the senders' own bookkeeping. */
const bookkeeping = /^(logfire\.(msg|json_schema|pending|null_args|sample_rate|disable|metrics)|code\.line|thread\.|process\.pid$|process\.(command|executable|runtime\.desc))/;
const named = /(^|[._-])(id|uuid|guid|hash|token|key|traceparent|timestamp)$/i;

/** Values that name a single thing, such as a request, say nothing about groups of records. */
export function isIdentity(row: Pick<ValueRow, "key" | "distinct_values" | "occurrences">): boolean {
    if (row.key === "trace_id" || row.key === "span_id") return true;
    if (named.test(row.key) && row.distinct_values > 50) return true;
    return row.distinct_values > 20 && row.distinct_values > row.occurrences / 2;
}

/** What is more frequent in the selection than chance explains, by lift. `typed` is the condition that selects: what it names is no finding. */
export function rank(rows: readonly ValueRow[], typed: string): Difference[] {
    const first = rows[0];
    if (!first || first.selected_size === 0 || first.others_size === 0) return [];
    const [n, m] = [first.selected_size, first.others_size];
    const tested = rows.filter((r) => !bookkeeping.test(r.key) && !isIdentity(r) && !isNamed(typed, r.key));
    const found: Difference[] = [];
    const seen = new Set<string>();
    for (const r of tested) {
        const selectedShare = r.selected / n;
        const othersShare = r.others / m;
        if (selectedShare <= othersShare) continue;
        const chance = upperTail(r.selected, n, r.selected + r.others, n + m);
        if (chance >= alpha / tested.length) continue;
        // The same fact under two names, such as http.route and its column, is told once.
        const fact = `${r.value}\u0000${r.selected}\u0000${r.others}`;
        if (seen.has(fact)) continue;
        seen.add(fact);
        // Half a record more, so that what never occurs outside has a finite lift that grows with the evidence.
        found.push({ source: r.source, key: r.key, value: r.value, selected: r.selected, others: r.others, selectedShare, othersShare, lift: selectedShare / ((r.others + 0.5) / (m + 0.5)), chance });
    }
    // What explains a good part of the selection stands before what explains a corner of it.
    const rate = (d: Difference) => (d.selectedShare >= goodPart ? 1 : 0);
    return found.sort((a, b) => rate(b) - rate(a) || b.lift - a.lift || b.selected - a.selected);
}

function isNamed(typed: string, key: string): boolean {
    return typed.includes(`'${key.replace(/'/g, "''")}'`) || new RegExp(`(^|[^\\w'.])${key.replace(/[^\w]/g, "\\$&")}($|[^\\w'.])`).test(typed);
}

/**
 * The chance of at least `hits` marked ones among `drawn` that are taken at random out of `all`, of which `marked` are marked
 * (the upper tail of the hypergeometric distribution).
 */
export function upperTail(hits: number, drawn: number, marked: number, all: number): number {
    const most = Math.min(drawn, marked);
    if (hits <= Math.max(0, drawn + marked - all)) return 1;
    if (hits > most) return 0;
    let term = Math.exp(logChoose(marked, hits) + logChoose(all - marked, drawn - hits) - logChoose(all, drawn));
    let sum = term;
    for (let k = hits; k < most; k += 1) {
        term *= ((marked - k) * (drawn - k)) / ((k + 1) * (all - marked - drawn + k + 1));
        sum += term;
        if (term < sum * 1e-12) break;
    }
    return Math.min(1, sum);
}

function logChoose(n: number, k: number): number {
    return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

/** By Stirling's series; exact enough from 0 on. */
function logFactorial(n: number): number {
    if (n < 12) {
        let sum = 0;
        for (let i = 2; i <= n; i += 1) sum += Math.log(i);
        return sum;
    }
    return n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + 1 / (12 * n) - 1 / (360 * n ** 3);
}
