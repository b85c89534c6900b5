import { levelNames } from "../../lib/level";
import { attribute, literal, oneOf } from "../../lib/sql";

/** The pills above the list, each a query parameter. */
export interface Pills {
    service: string | null;
    level: string | null;
    scope: string | null;
    tag: string | null;
    kind: string | null;
    env: string | null;
}

export type PillName = keyof Pills;

export function readPills(params: URLSearchParams): Pills {
    return { service: params.get("service"), level: params.get("level"), scope: params.get("scope"), tag: params.get("tag"), kind: params.get("kind"), env: params.get("env") };
}

export const kinds: readonly { id: string; label: string; condition: string }[] = [
    { id: "span", label: "Spans", condition: "kind IN ('span', 'pending_span')" },
    { id: "log", label: "Logs", condition: "kind = 'log'" },
    { id: "span_event", label: "Span events", condition: "kind = 'span_event'" },
    { id: "model", label: "Model calls", condition: `${attribute("gen_ai.operation.name")} IN ('chat', 'generate_content', 'text_completion', 'embeddings')` },
    { id: "agent", label: "Agent runs", condition: `${attribute("gen_ai.operation.name")} = 'invoke_agent'` },
    { id: "error", label: "Errors", condition: "(otel_status_code = 'ERROR' OR is_exception)" },
];

/** The condition of the environment alone. */
export function environmentClause(pills: Pills): string | undefined {
    return pills.env ? oneOf("deployment_environment", [pills.env]) : undefined;
}

export function pillClauses(pills: Pills, except?: PillName): string[] {
    const clauses: string[] = [];
    const has = (name: PillName) => name !== except && Boolean(pills[name]);
    if (has("service")) clauses.push(oneOf("service_name", [pills.service!]));
    const level = levelNames.find((l) => l.name === pills.level);
    if (level && has("level")) clauses.push(`level >= ${level.level}`);
    if (has("scope")) clauses.push(oneOf("otel_scope_name", [pills.scope!]));
    if (has("tag")) clauses.push(`array_contains(tags, ${literal(pills.tag!)})`);
    const kind = kinds.find((k) => k.id === pills.kind);
    if (kind && has("kind")) clauses.push(kind.condition);
    if (has("env")) clauses.push(environmentClause(pills)!);
    return clauses;
}

/** Values of a pill with how many records have each, most first. */
export function valuesSQL(name: "service" | "scope" | "tag" | "env", clauses: readonly string[]): string {
    const value = { service: "service_name", scope: "otel_scope_name", tag: "unnest(tags)", env: "deployment_environment" }[name];
    const where = clauses.length === 0 ? "" : ` WHERE ${clauses.join(" AND ")}`;
    return `SELECT value, count(*) AS n FROM (SELECT ${value} AS value FROM records${where}) WHERE value IS NOT NULL GROUP BY value ORDER BY n DESC, value`;
}
