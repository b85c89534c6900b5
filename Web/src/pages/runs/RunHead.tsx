import { useApp } from "../../app/context";
import { keepWindow, withParams } from "../../app/router";
import { Ago, Chip, Fact, Link } from "../../components/basic";
import { count, duration, money, percent, plural, unknown } from "../../lib/format";
import { isIncomplete, Usage } from "../../lib/usage";
import { ConversationChip } from "../agents/ConversationChip";
import { missing } from "../agents/source";
import { isBad, resultText } from "../detail/evaluations";
import type { RunData, RunModel } from "./model";

/** The strip above the tabs: what the run was made of and what it took. */
export function RunFacts({ data, model }: { data: RunData; model: RunModel }) {
    const { path, params } = useApp();
    const kept = keepWindow(params);
    const { own, whole } = model;
    const hasMore = whole.calls > own.calls;
    // What the run itself reports stands in when none of its calls is stored.
    const input = own.calls > 0 ? own.input : data.run?.input_tokens ?? null;
    const output = own.calls > 0 ? own.output : data.run?.output_tokens ?? null;
    const cost = own.calls > 0 ? own.cost : data.run?.cost ?? null;
    return (
        <div className="facts run-facts">
            <Fact label="Model">
                {model.models.length === 0
                    ? unknown
                    : model.models.map((name, index) => (
                          <Link key={name} href={withParams(path({ name: "llm", provider: model.calls.find((c) => c.model === name)?.provider ?? missing, model: name }), kept)}>
                              {index > 0 ? `, ${name}` : name}
                          </Link>
                      ))}
            </Fact>
            <Fact label="Provider">{model.providers.length === 0 ? unknown : model.providers.join(", ")}</Fact>
            <Fact label="Tokens" title={`${count(input)} input, ${count(output)} output${model.cacheRead !== null ? `, ${count(model.cacheRead)} of the input read from the cache` : ""}`}>
                {input === null && output === null ? unknown : `${count(input)} in · ${count(output)} out`}
                {model.cacheRead ? <span className="muted">{percent(input ? model.cacheRead / input : null, 0)} cached</span> : null}
            </Fact>
            <Fact label="Cost" title={costTitle(cost, own)}>
                <span data-fact="cost">{money(cost)}</span>
                {isIncomplete(own) && <span className="incomplete">+?</span>}
                {hasMore && (
                    <span className="muted" title={`All ${whole.calls} calls below, those of runs inside too`}>
                        Σ {money(whole.cost)}
                        {isIncomplete(whole) && "+?"}
                    </span>
                )}
            </Fact>
            <Fact label="Duration">{duration(data.run?.duration ?? data.record?.duration)}</Fact>
            <Fact label="Turns">{count(data.run?.turns ?? model.calls.length)}</Fact>
            <Fact label="Tool calls">{count(data.run?.tool_calls ?? model.tools.length)}</Fact>
            {model.retries > 0 && (
                <Fact label="Retries" tone="warn" title="Attempts of model calls that failed and were tried again; their cost, where any is known, is in the sum">
                    {model.retries}
                    {model.retryCauses.length > 0 && ` after ${model.retryCauses.join(", ")}`}
                </Fact>
            )}
            {model.toolRetries > 0 && (
                <Fact label="Tool retries" tone="warn">
                    {model.toolRetries}
                </Fact>
            )}
            {model.conversationId !== null && (
                <Fact label="Conversation">
                    <ConversationChip id={model.conversationId} href={withParams(path({ name: "conversation", id: model.conversationId }), kept)} />
                </Fact>
            )}
            {model.userId !== null && <Fact label="User">{model.userId}</Fact>}
            {data.record?.service_name && <Chip name={data.record.service_name} />}
            {data.record?.service_version && <Fact label="Version">{data.record.service_version}</Fact>}
            {data.record && (
                <Fact label="Began">
                    <Ago time={data.record.start_timestamp} />
                </Fact>
            )}
            {data.evaluations.slice(0, 4).map((e, index) => (
                <Fact key={index} label={e.name ?? "evaluation"} tone={isBad(e) ? "warn" : undefined} title={e.explanation ?? undefined}>
                    {resultText(e)}
                </Fact>
            ))}
        </div>
    );
}

function costTitle(cost: number | null, own: Usage): string {
    if (cost === null) return own.unpriced > 0 ? "No price is known for the models of this run" : "Nothing that could be priced was sent";
    return `$${cost.toFixed(7)}${own.unpriced > 0 ? `; incomplete: ${plural(own.unpriced, "call")} without a known price` : ""}`;
}
