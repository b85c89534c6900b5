// What senders leave out, as conditions of SQL: over records, and over model calls joined with their records.

import { attribute } from "../../../lib/sql";

export interface Check {
    id: string;
    /** What is missing. */
    title: string;
    /** `warn`: figures are wrong or empty; `info`: something is less useful than it could be. */
    tone: "warn" | "info";
    from: "records" | "calls";
    /** What is counted, in the plural. */
    noun: string;
    /** Which rows the check is about, and which of those lack something. Model calls are `c`, records `r`. */
    among: string;
    lacks: string;
    why: string;
    mend: string;
    snippet?: string;
    /** Tells only when every row lacks it. */
    isAllOrNothing?: boolean;
    /** Tells only from so many rows on. */
    least?: number;
}

const went = "NOT coalesce(c.is_error, false) AND coalesce(c.operation, '') <> 'embeddings'";
const attr = (key: string) => `(r.${attribute(key).slice(1)}`;
const content = ["gen_ai.input.messages", "gen_ai.output.messages", "pydantic_ai.all_messages", "all_messages_events", "request_data", "response_data", "input.value", "gen_ai.prompt", "gen_ai.prompt.0.content", "gen_ai.prompt.0.role", "llm.input_messages.0.message.content", "llm.input_messages.0.message.role", "ai.prompt", "ai.prompt.messages", "events", "traceloop.entity.input", "prompt", "messages"];

export const checks: readonly Check[] = [
    {
        id: "provider", title: "No provider", tone: "warn", from: "calls", noun: "model calls", among: "true", lacks: "c.provider IS NULL OR c.provider = '(unknown)'",
        why: "These calls stand as (unknown) on the LLMs page, and no price list fits them.",
        mend: "Name the provider on the span. If another attribute has it, a mapping rule reads it, also for what is stored.",
        snippet: "span.set_attribute('gen_ai.provider.name', 'openai')",
    },
    {
        id: "model", title: "No model", tone: "warn", from: "calls", noun: "model calls", among: "true", lacks: "c.model IS NULL OR c.model = '(unknown)'",
        why: "Calls without a model cannot be told apart or priced.",
        mend: "Set the model that was asked for, and the one that answered.",
        snippet: "span.set_attribute('gen_ai.request.model', 'gpt-4o')\nspan.set_attribute('gen_ai.response.model', response.model)",
    },
    {
        id: "stream", title: "Streams closed early", tone: "warn", from: "calls", noun: "streamed calls", among: `c.is_streaming AND ${went}`, lacks: "c.output_tokens IS NULL",
        why: "Providers send the usage last. A stream that is closed before its end leaves tokens, cost and finish reason unknown.",
        mend: "Read streams to their end. With OpenAI's API also ask for the usage.",
        snippet: "client.chat.completions.create(..., stream=True, stream_options={'include_usage': True})",
    },
    {
        id: "tokens", title: "No token usage", tone: "warn", from: "calls", noun: "model calls", among: `${went} AND NOT coalesce(c.is_streaming, false)`, lacks: "c.input_tokens IS NULL AND c.output_tokens IS NULL",
        why: "Tokens, speed and computed cost are unknown for these calls.",
        mend: "Record the usage that the provider answers with.",
        snippet: "span.set_attribute('gen_ai.usage.input_tokens', usage.prompt_tokens)\nspan.set_attribute('gen_ai.usage.output_tokens', usage.completion_tokens)",
    },
    {
        id: "cost", title: "No price", tone: "warn", from: "calls", noun: "model calls", among: "NOT coalesce(c.is_error, false) AND (c.input_tokens IS NOT NULL OR c.output_tokens IS NOT NULL)", lacks: "c.cost IS NULL",
        why: "Sums of cost that hold these calls are marked as incomplete.",
        mend: "Give the model a price under Settings → Prices, or send operation.cost with the span.",
    },
    {
        id: "finish_reasons", title: "No finish reason", tone: "info", from: "calls", noun: "model calls", among: went, lacks: "c.finish_reasons IS NULL OR len(c.finish_reasons) = 0",
        why: "Truncated and refused answers cannot be counted, so Truncated shows 0 % or nothing.",
        mend: "Record why the model stopped, as a list.",
        snippet: "span.set_attribute('gen_ai.response.finish_reasons', ['stop'])",
    },
    {
        id: "singular", title: "Singular finish_reason", tone: "info", from: "records", noun: "records", among: `${attr("gen_ai.response.finish_reason")} IS NOT NULL`, lacks: `${attr("gen_ai.response.finish_reasons")} IS NULL`,
        why: "gen_ai.response.finish_reason is the name of old conventions. Hearth reads it; other tools look for the plural.",
        mend: "Update the instrumentation, or set the plural name.",
        snippet: "span.set_attribute('gen_ai.response.finish_reasons', [reason])",
    },
    {
        id: "first_token", title: "No time to first token", tone: "info", from: "calls", noun: "streamed calls", among: `c.is_streaming AND ${went}`, lacks: "c.time_to_first_token IS NULL",
        why: "How long a person waits for the first word is unknown.",
        mend: "Record it on the span in seconds, or as an event at the first chunk.",
        snippet: "span.set_attribute('gen_ai.response.time_to_first_chunk', first - start)",
    },
    {
        id: "status", title: "Status never set", tone: "info", from: "calls", noun: "model calls", among: "true", lacks: "coalesce(r.otel_status_code, 'UNSET') = 'UNSET' AND NOT r.is_exception", isAllOrNothing: true, least: 20,
        why: "Not one of these calls has a status or an exception. An error share of 0 % may mean that failures are not reported at all.",
        mend: "Let exceptions leave the span, or set the status where they are caught.",
        snippet: "span.set_status(Status(StatusCode.ERROR, str(error)))",
    },
    {
        id: "exception_status", title: "Exceptions without a status", tone: "info", from: "records", noun: "spans with an exception", among: "r.kind = 'span' AND r.is_exception", lacks: "coalesce(r.otel_status_code, 'UNSET') <> 'ERROR'",
        why: "Hearth counts them as errors; tools that look at the status alone do not.",
        mend: "Set the status where the exception is recorded.",
        snippet: "span.record_exception(error)\nspan.set_status(Status(StatusCode.ERROR))",
    },
    {
        id: "withheld", title: "Content kept back", tone: "info", from: "calls", noun: "model calls", among: `coalesce(${attr("gen_ai.input.messages")}, ${attr("pydantic_ai.all_messages")}) LIKE '%"role"%'`, lacks: `coalesce(${attr("gen_ai.input.messages")}, ${attr("pydantic_ai.all_messages")}) NOT LIKE '%"content"%'`,
        why: "Roles and tool names are there, what was said is not: the sender was told to leave it out.",
        mend: "When that is not what you want:",
        snippet: "Agent.instrument_all(InstrumentationSettings(include_content=True))  # Pydantic AI\nOTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true              # OpenTelemetry",
    },
    {
        id: "content", title: "No messages", tone: "info", from: "calls", noun: "model calls", among: "coalesce(c.operation, '') <> 'embeddings'", lacks: `coalesce(${content.map(attr).join(", ")}) IS NULL`,
        why: "The conversation of these calls is empty.",
        mend: "Turn on message capture in the instrumentation.",
        snippet: "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true\nTRACELOOP_TRACE_CONTENT=true",
    },
    {
        id: "stacktrace", title: "Exceptions without a traceback", tone: "info", from: "records", noun: "records with an exception", among: "r.is_exception", lacks: "r.exception_stacktrace IS NULL",
        why: "Where the exception came from is unknown.",
        mend: "Record the exception itself, not its text alone.",
        snippet: "span.record_exception(error)",
    },
    {
        id: "service", title: "No service name", tone: "warn", from: "records", noun: "records", among: "true", lacks: "r.service_name IS NULL OR r.service_name LIKE 'unknown_service%'",
        why: "Records of several programs cannot be told apart.",
        mend: "Name the service where the program is configured.",
        snippet: "OTEL_SERVICE_NAME=checkout",
    },
    {
        id: "environment", title: "No environment", tone: "info", from: "records", noun: "records", among: "true", lacks: "r.deployment_environment IS NULL", isAllOrNothing: true,
        why: "Production and tests stand together; the environment filter leaves these records out.",
        mend: "Name the environment.",
        snippet: "OTEL_RESOURCE_ATTRIBUTES=deployment.environment.name=production",
    },
    {
        id: "parents", title: "Parents that never came", tone: "warn", from: "records", noun: "records with a parent", among: "r.kind = 'span' AND r.parent_span_id IS NOT NULL", lacks: "false",
        why: "Traces fall into pieces: the spans above were dropped on the way, sent elsewhere or sampled away.",
        mend: "Send all services of a trace to the same project, and sample whole traces (Settings → Sampling) instead of single spans.",
    },
];

const column = (check: Check, what: "of" | "lack") => `"${check.id}_${what}"`;

/** One row for each service and scope, with two counts for each check. */
export function checkSQL(from: Check["from"]): string {
    const list = checks.filter((c) => c.from === from);
    const counts = list.map((c) => `count(*) FILTER (WHERE ${c.among}) AS ${column(c, "of")}, count(*) FILTER (WHERE (${c.among}) AND (${c.lacks})) AS ${column(c, "lack")}`).join(",\n  ");
    const source = from === "calls" ? "llm_calls c JOIN records r ON r.trace_id = c.trace_id AND r.span_id = c.span_id" : "records r";
    return `SELECT r.service_name AS service_name, r.otel_scope_name AS otel_scope_name, count(*) AS n, max(r.start_timestamp) AS latest,
  ${counts}
FROM ${source}${from === "records" ? "\nWHERE r.kind <> 'span_event'" : ""}
GROUP BY r.service_name, r.otel_scope_name ORDER BY n DESC`;
}

/** Spans whose parent is not stored: a question of its own, for it joins all records with themselves. */
export const parentsSQL = `SELECT r.service_name AS service_name, r.otel_scope_name AS otel_scope_name, count(*) AS parents_lack
FROM records r
WHERE r.kind = 'span' AND r.parent_span_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM records_all p WHERE p.trace_id = r.trace_id AND p.span_id = r.parent_span_id)
GROUP BY r.service_name, r.otel_scope_name`;

/** The rows of a service and scope that a check is about, for a closer look. */
export function examplesSQL(check: Check, service: string | null, scope: string | null, literal: (text: string) => string): string {
    const is = (name: string, value: string | null) => (value === null ? `r.${name} IS NULL` : `r.${name} = ${literal(value)}`);
    const join = check.from === "calls" ? " JOIN llm_calls c ON r.trace_id = c.trace_id AND r.span_id = c.span_id" : "";
    const lacks = check.id === "parents" ? "NOT EXISTS (SELECT 1 FROM records_all p WHERE p.trace_id = r.trace_id AND p.span_id = r.parent_span_id)" : check.lacks;
    return `SELECT r.start_timestamp, r.span_name, r.message, r.trace_id, r.span_id
FROM records r${join}
WHERE ${is("service_name", service)} AND ${is("otel_scope_name", scope)} AND r.kind <> 'span_event'
  AND (${check.among}) AND (${lacks})
ORDER BY r.start_timestamp DESC`;
}

export interface CheckRow {
    service_name: string | null;
    otel_scope_name: string | null;
    n: number;
    latest: string;
    [count: string]: string | number | null;
}

export interface Finding {
    check: Check;
    lack: number;
    of: number;
}

export interface Source {
    service: string | null;
    scope: string | null;
    records: number;
    calls: number;
    findings: Finding[];
}

/** Sources with what they leave out; those with warnings first. */
export function readChecks(records: readonly CheckRow[], calls: readonly CheckRow[], parents: readonly Partial<CheckRow>[] = []): Source[] {
    const orphans = new Map(parents.map((row) => [`${row.service_name ?? ""}\u0000${row.otel_scope_name ?? ""}`, Number(row.parents_lack)]));
    const sources = new Map<string, Source>();
    const add = (row: CheckRow, from: Check["from"]) => {
        const key = `${row.service_name ?? ""}\u0000${row.otel_scope_name ?? ""}`;
        const source = sources.get(key) ?? { service: row.service_name, scope: row.otel_scope_name, records: 0, calls: 0, findings: [] };
        sources.set(key, source);
        source[from] = row.n;
        for (const check of checks) {
            if (check.from !== from) continue;
            const of = Number(row[`${check.id}_of`] ?? 0);
            const lack = check.id === "parents" ? orphans.get(key) ?? 0 : Number(row[`${check.id}_lack`] ?? 0);
            if (lack === 0 || of < (check.least ?? 1) || (check.isAllOrNothing && lack < of)) continue;
            source.findings.push({ check, lack, of });
        }
    };
    for (const row of records) add(row, "records");
    for (const row of calls) add(row, "calls");
    const weight = (s: Source) => s.findings.filter((f) => f.check.tone === "warn").length * 1000 + s.findings.length;
    return [...sources.values()].sort((a, b) => weight(b) - weight(a) || b.records - a.records);
}
