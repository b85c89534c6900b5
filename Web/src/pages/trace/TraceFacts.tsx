import { Chip, Fact } from "../../components/basic";
import { count, duration, money, plural, unknown } from "../../lib/format";
import { clock, day } from "../../lib/time";
import { isIncomplete, totalTokens } from "../../lib/usage";
import type { TraceModel } from "./model";

/** Services named beside the figures. */
const shownServices = 6;

export function TraceFacts({ model }: { model: TraceModel }) {
    const { usage } = model;
    return (
        <div className="facts">
            <Fact label="Start">
                {day(model.start)} {clock(model.start, true)}
            </Fact>
            <Fact label="Duration">{duration((model.end - model.start) / 1000)}{model.isOpen ? "…" : ""}</Fact>
            <Fact label="Spans">{count(model.spans)}</Fact>
            {model.nodes.length > model.spans && <Fact label="Logs">{count(model.nodes.length - model.spans)}</Fact>}
            <Fact label="Errors" tone={model.errors > 0 ? "error" : undefined}>
                {count(model.errors)}
            </Fact>
            {usage.calls > 0 && (
                <>
                    <Fact label="Model calls">{count(usage.calls)}</Fact>
                    <Fact label="Σ tokens" title={`${count(usage.input)} in, ${count(usage.output)} out`}>
                        {count(totalTokens(usage))}
                    </Fact>
                    <Fact label="Σ cost" tone={isIncomplete(usage) ? "warn" : undefined} title={usage.unpriced > 0 ? `${plural(usage.unpriced, "call")} of ${usage.calls} without a known price` : usage.cost === null ? undefined : `$${usage.cost.toFixed(7)}`}>
                        {usage.cost === null ? unknown : money(usage.cost)}
                        {isIncomplete(usage) && " incomplete"}
                    </Fact>
                </>
            )}
            {model.retries > 0 && (
                <Fact label="Retries" tone="warn">
                    {count(model.retries)}
                </Fact>
            )}
            {model.services.length > shownServices && <Fact label="Services">{count(model.services.length)}</Fact>}
            {model.services.slice(0, shownServices).map(({ name }) => (
                <Chip key={name} name={name} />
            ))}
            {model.services.length > shownServices && (
                <span className="muted small" title={model.services.slice(shownServices, 60).map((s) => s.name).join(", ")}>
                    and {count(model.services.length - shownServices)} more
                </span>
            )}
        </div>
    );
}
