import { levelNames } from "../../lib/level";
import { attribute, oneOf } from "../../lib/sql";

/** The pills above the list, each a query parameter. */
export interface Pills {
    service: string | null;
    level: string | null;
    scope: string | null;
    kind: string | null;
    env: string | null;
}

export function readPills(params: URLSearchParams): Pills {
    return { service: params.get("service"), level: params.get("level"), scope: params.get("scope"), kind: params.get("kind"), env: params.get("env") };
}

export const kinds: readonly { id: string; label: string; condition: string }[] = [
    { id: "span", label: "Spans", condition: "kind IN ('span', 'pending_span')" },
    { id: "log", label: "Logs", condition: "kind = 'log'" },
    { id: "span_event", label: "Span events", condition: "kind = 'span_event'" },
    { id: "model", label: "Model calls", condition: `${attribute("gen_ai.operation.name")} IN ('chat', 'generate_content', 'text_completion', 'embeddings')` },
    { id: "agent", label: "Agent runs", condition: `${attribute("gen_ai.operation.name")} = 'invoke_agent'` },
    { id: "error", label: "Errors", condition: "(otel_status_code = 'ERROR' OR is_exception)" },
];

export function pillClauses(pills: Pills): string[] {
    const clauses: string[] = [];
    if (pills.service) clauses.push(oneOf("service_name", [pills.service]));
    const level = levelNames.find((l) => l.name === pills.level);
    if (level) clauses.push(`level >= ${level.level}`);
    if (pills.scope) clauses.push(oneOf("otel_scope_name", [pills.scope]));
    const kind = kinds.find((k) => k.id === pills.kind);
    if (kind) clauses.push(kind.condition);
    if (pills.env) clauses.push(oneOf("deployment_environment", [pills.env]));
    return clauses;
}
