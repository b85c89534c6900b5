// What kind of work a span does, by what it says about itself: the table behind "where the time went" and the colours of the bars.

export type Category = "model" | "tool" | "retrieval" | "guardrail" | "http" | "database" | "own" | "idle";

/** What the table looks at. */
export interface Described {
    span_name: string;
    /** `gen_ai.operation.name`. */
    operation: string | null;
    /** `openinference.span.kind` or `traceloop.span.kind`, in lower case. */
    step: string | null;
    db_system: string | null;
    http_method: string | null;
    otel_span_kind: string | null;
    /** Whether `llm_calls` has a row for it. */
    isCall: boolean;
}

interface Rule {
    id: Category;
    label: string;
    /** In words, for the legend. */
    rule: string;
    covers(span: Described): boolean;
}

/** Spans of the second record of a call have no call of their own, but their time is the model's. */
const inference = new Set(["chat", "generate_content", "text_completion"]);
const retrieval = new Set(["retrieval", "embeddings", "rerank", "prompt"]);

/** What a name alone tells; long traces have few names many times. */
const byName = new Map<string, { isGuard: boolean; isRetrieval: boolean }>();
const most = 5000;

function nameSays(name: string): { isGuard: boolean; isRetrieval: boolean } {
    let says = byName.get(name);
    if (!says) {
        says = { isGuard: /guard_?rail|moderation/i.test(name), isRetrieval: /^(prompt[._ ]|retriev|inject[._]|load[._]|rerank|attach[._])/i.test(name) };
        if (byName.size >= most) byName.clear();
        byName.set(name, says);
    }
    return says;
}

/** The first rule that covers a span decides. */
export const rules: readonly Rule[] = [
    { id: "retrieval", label: "prompt and retrieval", rule: "retrieval and embedding operations, and spans named prompt.…, retriev…, inject.…, load.…, rerank…", covers: (s) => retrieval.has(s.operation ?? "") || s.step === "retriever" || s.step === "embedding" || s.step === "reranker" || s.step === "prompt" },
    { id: "guardrail", label: "guardrails", rule: "guardrail steps, and spans with guardrail or moderation in their name", covers: (s) => s.operation === "guardrail" || s.step === "guardrail" || nameSays(s.span_name).isGuard },
    { id: "model", label: "model", rule: "model calls and what they wait for", covers: (s) => s.isCall || s.step === "llm" || inference.has(s.operation ?? "") },
    { id: "tool", label: "tools", rule: "execute_tool", covers: (s) => s.operation === "execute_tool" || s.step === "tool" },
    { id: "retrieval", label: "prompt and retrieval", rule: "", covers: (s) => nameSays(s.span_name).isRetrieval },
    { id: "database", label: "database", rule: "spans with db.system", covers: (s) => s.db_system !== null },
    { id: "http", label: "HTTP", rule: "HTTP requests that were sent", covers: (s) => s.http_method !== null && s.otel_span_kind !== "SERVER" },
    { id: "own", label: "own code", rule: "everything else", covers: () => true },
];

export const categoryLabels: Record<Category, string> = {
    model: "model",
    tool: "tools",
    retrieval: "prompt and retrieval",
    guardrail: "guardrails",
    http: "HTTP",
    database: "database",
    own: "own code",
    idle: "nothing recorded",
};

export function categoryOf(span: Described): Category {
    for (const rule of rules) if (rule.covers(span)) return rule.id;
    return "own";
}
