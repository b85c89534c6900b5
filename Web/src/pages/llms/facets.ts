import { query, tables } from "../../api/client";
import { Dimension, keyCondition, knownDimensions, toolDimension } from "./dimensions";
import { where, Window } from "./queries";

export interface FacetValue {
    value: string | null;
    n: number;
}

/** Values offered of one facet. */
const mostValues = 200;

/** The values of a dimension among the calls that the other filters leave, most frequent first. */
export function fetchValues(window: Window, dimension: Dimension, extra: string | null, signal: AbortSignal): Promise<FacetValue[]> {
    const options = { ...window, limit: mostValues, signal };
    const n = window.weighted ? "sum(sample_weight)" : "count(*)";
    const calls = `FROM llm_calls WHERE ${where(window, extra, dimension)}`;
    if (dimension.id === toolDimension.id) {
        return query<FacetValue>(
            `SELECT t.tool_name AS value, count(DISTINCT c.span_id) AS n FROM tool_calls t ASOF JOIN (SELECT trace_id, span_id, agent_span_id, end_timestamp ${calls}) c ON c.trace_id = t.trace_id AND coalesce(c.agent_span_id, '') = coalesce(t.agent_span_id, '') AND t.start_timestamp >= c.end_timestamp GROUP BY 1 ORDER BY n DESC, 1 LIMIT ${mostValues}`,
            options,
        );
    }
    if (dimension.isList) return query<FacetValue>(`SELECT value, ${n} AS n FROM (SELECT unnest(${dimension.expression}) AS value, sample_weight ${calls}) GROUP BY 1 ORDER BY n DESC, 1 LIMIT ${mostValues}`, options);
    return query<FacetValue>(`SELECT ${dimension.expression} AS value, ${n} AS n ${calls} GROUP BY 1 ORDER BY n DESC, 1 LIMIT ${mostValues}`, options);
}

export interface SeenKey {
    id: string;
    label: string;
    /** In what share of the calls that were looked at. */
    share: number;
    group: "Fields" | "Attributes" | "Resource";
}

/** The newest calls are looked at for keys. */
const sample = 1000;

/** Keys that hold whole conversations or lists: nobody groups by them. */
const isContent = /(messages|\.prompt$|completion$|definitions|instructions$|request_data|response_data|_parameters$|json_schema|\.raw$|input\.value|output\.value|\.entity\.(in|out)put|^events$|^(llm|gen_ai)\.(in|out)put_messages|^gen_ai\.(prompt|completion)\.\d|logfire\.(metrics|msg|span_type)|\.embedding)/;

/** What the newest calls can be grouped by: the fields that have values, then the attribute and resource keys that were sent. */
export async function fetchKeys(window: Window, signal: AbortSignal): Promise<SeenKey[]> {
    const among = `FROM llm_calls WHERE ${where(window)}`;
    // When the sample begins is asked first: sorting whole calls with their messages would take far more memory than passing over a few.
    const first = await query<{ t: string | null }>(`SELECT min(start_timestamp) AS t FROM (SELECT start_timestamp ${among} ORDER BY start_timestamp DESC LIMIT ${sample})`, { ...window, limit: 1, signal });
    const options = { ...window, from: first[0]?.t ?? window.from, limit: 1000, signal };
    const fields = knownDimensions.map((d) => d.expression.replace(/^CAST\((\w+) AS VARCHAR\)$/, "$1"));
    const keysOf = (column: string) => query<{ k: string; n: number }>(`SELECT k, count(*) AS n FROM (SELECT unnest(json_keys(${column})) AS k ${among}) GROUP BY 1 ORDER BY n DESC, 1 LIMIT 500`, options);
    const [counts, attributes, resource] = await Promise.all([
        query<Record<string, number>>(`SELECT count(*) AS n, ${fields.map((f, i) => `count(${f}) AS f${i}`).join(", ")} ${among}`, options),
        keysOf("attributes"),
        keysOf("otel_resource_attributes"),
    ]);
    const total = Number(counts[0]?.n ?? 0);
    if (total === 0) return [];
    const found: SeenKey[] = [];
    knownDimensions.forEach((d, i) => {
        const n = Number(counts[0]![`f${i}`] ?? 0);
        if (n > 0) found.push({ id: d.id, label: d.label, share: n / total, group: "Fields" });
    });
    for (const row of attributes) if (!isContent.test(row.k)) found.push({ id: `attributes.${row.k}`, label: row.k, share: row.n / total, group: "Attributes" });
    for (const row of resource) found.push({ id: `resource.${row.k}`, label: row.k, share: row.n / total, group: "Resource" });
    return found;
}

export interface Score {
    name: string;
    result_type: string | null;
    average: number | null;
    pass_rate: number | null;
    n: number;
}

/** What evaluators said about the calls of a row, their runs, or the tasks around those. */
export async function fetchScores(window: Window, groups: readonly Dimension[], key: readonly (string | null)[], signal: AbortSignal): Promise<Score[]> {
    if (!(await tables()).has("evaluations")) return [];
    return query<Score>(
        `WITH calls AS (SELECT trace_id, span_id, parent_span_id, agent_span_id FROM llm_calls WHERE ${where(window, keyCondition(groups, key))}),
judged AS (
  SELECT trace_id, unnest([span_id, parent_span_id, agent_span_id]) AS span_id FROM calls
  UNION
  SELECT r.trace_id, r.parent_span_id FROM agent_runs r WHERE (r.trace_id, r.span_id) IN (SELECT trace_id, agent_span_id FROM calls)
)
SELECT e.name, max(e.result_type) AS result_type, avg(e.value) AS average, avg(CASE WHEN e.passed THEN 1.0 WHEN NOT e.passed THEN 0.0 END) AS pass_rate, count(*) AS n
FROM evaluations e
WHERE (e.judged_trace_id, e.judged_span_id) IN (SELECT trace_id, span_id FROM judged WHERE span_id IS NOT NULL) AND e.error_type IS NULL
GROUP BY e.name ORDER BY n DESC, e.name LIMIT 50`,
        { ...window, limit: 50, signal },
    );
}
