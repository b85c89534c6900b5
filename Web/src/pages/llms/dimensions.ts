import { arrowKey, literal } from "../../lib/sql";

/** Something that model calls can be grouped and filtered by: a column of `llm_calls`, an attribute, or a key of the resource. */
export interface Dimension {
    /** As in addresses: `service_name`, `attributes.feature`, `resource.team`. */
    id: string;
    label: string;
    /** Its value as text, in SQL. */
    expression: string;
    /** Several values a call; `expression` names the list. */
    isList?: boolean;
}

/** Stands for a value that no sender named, in addresses. */
export const missing = "(unknown)";

const text = (column: string) => `CAST(${column} AS VARCHAR)`;

/** The calls after whose answer a tool was executed: of every execution the latest call before it in the same run, or trace. */
const toolCallers = "SELECT c.trace_id, c.span_id FROM tool_calls t ASOF JOIN llm_calls c ON c.trace_id = t.trace_id AND coalesce(c.agent_span_id, '') = coalesce(t.agent_span_id, '') AND t.start_timestamp >= c.end_timestamp";

/** Columns that people group by, in the order in which they are offered. */
export const knownDimensions: readonly Dimension[] = [
    { id: "provider", label: "Provider", expression: "provider" },
    { id: "model", label: "Model", expression: "model" },
    { id: "response_model", label: "Model that answered", expression: "response_model" },
    { id: "operation", label: "Operation", expression: "operation" },
    { id: "service_name", label: "Service", expression: "service_name" },
    { id: "service_version", label: "Version", expression: "service_version" },
    { id: "deployment_environment", label: "Environment", expression: "deployment_environment" },
    { id: "agent_name", label: "Agent", expression: "agent_name" },
    { id: "prompt_name", label: "Prompt", expression: "prompt_name" },
    { id: "prompt_version", label: "Prompt version", expression: "prompt_version" },
    { id: "tenant_id", label: "Tenant", expression: "tenant_id" },
    { id: "user_id", label: "User", expression: "user_id" },
    { id: "user_segment", label: "User segment", expression: "user_segment" },
    { id: "conversation_id", label: "Conversation", expression: "conversation_id" },
    { id: "task_type", label: "Task type", expression: "task_type" },
    { id: "finish_reasons", label: "Finish reason", expression: "finish_reasons", isList: true },
    { id: "refusal", label: "Refusal", expression: text("refusal") },
    { id: "json_parse_success", label: "JSON parsed", expression: text("json_parse_success") },
    { id: "is_error", label: "Failed", expression: text("is_error") },
    { id: "error_type", label: "Error type", expression: "error_type" },
    { id: "retry_cause", label: "Retry cause", expression: "retry_cause" },
    { id: "is_streaming", label: "Streamed", expression: text("is_streaming") },
    { id: "cache_hit", label: "Cache hit", expression: text("cache_hit") },
    { id: "region", label: "Region", expression: "region" },
    { id: "deployment", label: "Deployment", expression: "deployment" },
    { id: "model_version", label: "Model version", expression: "model_version" },
    { id: "service_tier", label: "Service tier", expression: "service_tier" },
    { id: "experiment_bucket", label: "Experiment bucket", expression: "experiment_bucket" },
    { id: "eval_bucket", label: "Evaluation bucket", expression: "eval_bucket" },
    { id: "cost_source", label: "Origin of the cost", expression: "cost_source" },
];

/** Tools executed after the answer: a facet, not a column. */
export const toolDimension: Dimension = { id: "tool", label: "Tool", expression: "tool_name" };

const byId = new Map([...knownDimensions, toolDimension].map((d) => [d.id, d]));

/** The dimension of an address; null for a name that is none. */
export function dimension(id: string): Dimension | null {
    const known = byId.get(id);
    if (known) return known;
    const match = /^(attributes|resource)\.(.+)$/s.exec(id);
    if (!match) return null;
    const column = match[1] === "attributes" ? "attributes" : "otel_resource_attributes";
    return { id, label: match[2]!, expression: `(${column}->>${arrowKey(match[2]!)})` };
}

export interface Filter {
    dimension: Dimension;
    /** null stands for a value that was not sent. */
    values: (string | null)[];
    isExcluded: boolean;
}

const lead = /^(is|not)\.(.+)$/s;

/** `is.<dimension>=value` and `not.<dimension>=value`, each as often as needed. */
export function readFilters(params: URLSearchParams): Filter[] {
    const filters = new Map<string, Filter>();
    for (const [name, value] of params) {
        const match = lead.exec(name);
        const found = match && dimension(match[2]!);
        if (!match || !found) continue;
        const filter = filters.get(name) ?? { dimension: found, values: [], isExcluded: match[1] === "not" };
        filters.set(name, filter);
        filter.values.push(value === missing ? null : value);
    }
    return [...filters.values()];
}

export function filterName(dimension: Dimension, isExcluded: boolean): string {
    return `${isExcluded ? "not" : "is"}.${dimension.id}`;
}

/** The address with one value of a filter turned on or off; a value is never wanted and unwanted at once. */
export function withValue(params: URLSearchParams, dimension: Dimension, value: string | null, isExcluded: boolean, isOn: boolean): URLSearchParams {
    const next = new URLSearchParams(params);
    const written = value ?? missing;
    for (const excluded of [false, true]) {
        const name = filterName(dimension, excluded);
        const kept = next.getAll(name).filter((v) => v !== written);
        next.delete(name);
        for (const v of kept) next.append(name, v);
    }
    if (isOn) next.append(filterName(dimension, isExcluded), written);
    return next;
}

export function withoutFilters(params: URLSearchParams, dimension?: Dimension): URLSearchParams {
    const next = new URLSearchParams(params);
    for (const name of new Set([...params.keys()])) if (lead.test(name) && (!dimension || name === filterName(dimension, false) || name === filterName(dimension, true))) next.delete(name);
    return next;
}

/** The condition of a filter, in SQL. */
export function condition(filter: Filter): string {
    const { dimension: d, isExcluded } = filter;
    const values = filter.values.filter((v): v is string => v !== null).map(literal);
    if (d.id === toolDimension.id) {
        const test = `(trace_id, span_id) ${isExcluded ? "NOT IN" : "IN"} (${toolCallers} WHERE t.tool_name IN (${values.join(", ") || "NULL"}))`;
        return test;
    }
    const parts: string[] = [];
    const takesMissing = filter.values.includes(null);
    if (values.length > 0) parts.push(d.isList ? `list_has_any(${d.expression}, [${values.join(", ")}])` : values.length === 1 ? `${d.expression} = ${values[0]}` : `${d.expression} IN (${values.join(", ")})`);
    if (takesMissing) parts.push(`${d.expression} IS NULL`);
    const test = parts.length > 1 ? `(${parts.join(" OR ")})` : parts[0] ?? "true";
    // Of a value that is not there, nothing can be said to be equal: it stays, unless it is what is excluded.
    return isExcluded ? `(${test}) IS NOT TRUE` : test;
}

/** What rows are grouped by: models, unless the address says otherwise. */
export function readGroups(params: URLSearchParams): Dimension[] {
    const groups: Dimension[] = [];
    for (const id of params.getAll("by")) {
        const found = id === toolDimension.id ? null : dimension(id);
        if (found && !groups.some((g) => g.id === found.id) && groups.length < 2) groups.push(found);
    }
    return groups;
}

/** The columns that make up the key of a row. Models are named with their provider. */
export function groupExpressions(groups: readonly Dimension[]): string[] {
    const wanted = groups.length === 0 ? [byId.get("model")!] : groups;
    return wanted.flatMap((d) => (d.id === "model" ? ["provider", "model"] : d.isList ? [`array_to_string(${d.expression}, ', ')`] : [d.expression]));
}

/** The condition that a call belongs to the row with this key. */
export function keyCondition(groups: readonly Dimension[], key: readonly (string | null)[]): string {
    return groupExpressions(groups)
        .map((expression, i) => (key[i] == null ? `${expression} IS NULL` : `${expression} = ${literal(key[i]!)}`))
        .join(" AND ");
}

/** Addresses keep these when they lead from the list to a model and back. */
export function keepView(params: URLSearchParams): URLSearchParams {
    const kept = new URLSearchParams();
    for (const [name, value] of params) if (["range", "from", "to", "env", "refresh"].includes(name) || lead.test(name)) kept.append(name, value);
    return kept;
}
