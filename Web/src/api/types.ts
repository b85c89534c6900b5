// The HTTP contract of the server, version 1. Unknown values are null.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export type Kind = "span" | "log" | "span_event" | "pending_span";

export interface Config {
    version: string;
    organization: string;
    project: string;
    base_url: string;
    /** Seconds after which an open span counts as unfinished. */
    unfinished_after_seconds: number;
    query_limit_max: number;
    records: number;
    bytes: number;
    is_loopback: boolean;
    user_name: string | null;
    /** What the reader may do in this project. */
    role: Role;
    projects: ProjectSummary[];
    sampling: { enabled: boolean; since: string | null };
    /** Address for OTLP over gRPC; null when it is off, undefined when the server does not say. */
    grpc_url?: string | null;
}

export type Role = "owner" | "member" | "viewer";

export interface ProjectSummary {
    id: string;
    organization_name: string;
    project_name: string;
    description: string | null;
    role: Role;
    project_url: string;
}

/** One row of the live list; a pending span and its final share trace_id and span_id. */
export interface LiveRecord {
    sequence: number;
    start_timestamp: string;
    end_timestamp: string | null;
    /** Seconds; null for logs, span events and open spans. */
    duration: number | null;
    trace_id: string;
    span_id: string;
    parent_span_id: string | null;
    kind: Kind;
    level: number;
    span_name: string;
    message: string | null;
    msg_template: string | null;
    tags: string[] | null;
    otel_scope_name: string | null;
    service_name: string | null;
    deployment_environment: string | null;
    is_exception: boolean;
    exception_type: string | null;
    otel_status_code: string | null;
    otel_status_message: string | null;
    http_response_status_code: number | null;
    http_method: string | null;
}

/** Usage of one model call; rows with is_duplicate are counted at another span. */
export interface LiveCall {
    trace_id: string;
    span_id: string;
    is_duplicate: boolean;
    provider: string | null;
    model: string | null;
    input_tokens: number | null;
    output_tokens: number | null;
    /** US dollars. */
    cost: number | null;
    is_error: boolean;
}

export interface LiveBatch {
    sequence: number;
    records: LiveRecord[];
    calls: LiveCall[];
}

export interface SpanEvent {
    event_name: string | null;
    event_timestamp: string | null;
    attributes: JsonObject | null;
}

export interface SpanLink {
    trace_id: string;
    span_id: string;
    attributes: JsonObject | null;
}

/** A whole record, as the table `records_all` has it. */
export interface FullRecord extends LiveRecord {
    exception_message: string | null;
    exception_stacktrace: string | null;
    attributes: JsonObject | null;
    otel_scope_version: string | null;
    otel_scope_attributes: JsonObject | null;
    otel_events: SpanEvent[] | null;
    otel_links: SpanLink[] | null;
    otel_resource_attributes: JsonObject | null;
    otel_span_kind: string | null;
    service_version: string | null;
    log_body: Json;
    attributes_json_schema: Json;
    url_full: string | null;
    http_route: string | null;
    created_at: string | null;
}

/** A row of `llm_calls`. Times in seconds, money in US dollars. */
export interface LLMCall {
    start_timestamp: string;
    duration: number | null;
    trace_id: string;
    span_id: string;
    parent_span_id: string | null;
    service_name: string | null;
    operation: string | null;
    provider: string | null;
    model: string | null;
    response_model: string | null;
    is_error: boolean | null;
    error_type: string | null;
    input_tokens: number | null;
    output_tokens: number | null;
    cache_read_tokens: number | null;
    cache_write_tokens: number | null;
    reasoning_tokens: number | null;
    cost: number | null;
    input_cost: number | null;
    output_cost: number | null;
    cost_source: string | null;
    cost_note: string | null;
    price_version: string | null;
    time_to_first_token: number | null;
    finish_reasons: string[] | null;
    is_truncated: boolean | null;
    has_tool_calls: boolean | null;
    agent_name: string | null;
    conversation_id: string | null;
    retry_count: number | null;
    retry_cause: string | null;
    refusal: boolean | null;
    json_parse_success: boolean | null;
    /** Seconds spent on building the prompt beside the call. */
    prompt_build_time: number | null;
    is_streaming: boolean | null;
    service_tier: string | null;
    tool_call_count: number | null;
    merged_records: number | null;
}

export interface QueryField {
    name: string;
    data_type: string;
    nullable: boolean;
}

export interface QueryAnswer<Row> {
    schema?: { fields: QueryField[] };
    data: Row[];
}
