import { useApp } from "../../app/context";
import { keepWindow, setParams, withParams } from "../../app/router";
import { Ago, Link } from "../../components/basic";
import { Icon } from "../../components/Icon";
import { compact, count, duration, money, unknown } from "../../lib/format";
import { ConversationChip } from "./ConversationChip";
import { isRunIncomplete, runKey, RunRow } from "./runQueries";

/** How a run ended, as a mark with a name. */
export function RunStatus({ run }: { run: Pick<RunRow, "is_error" | "error_type"> }) {
    const name = run.is_error ? `failed${run.error_type ? `: ${run.error_type}` : ""}` : "went well";
    return (
        <span className={`run-status ${run.is_error ? "is-failed" : ""}`} role="img" aria-label={name} title={name}>
            <Icon name={run.is_error ? "close" : "check"} size={11} />
        </span>
    );
}

export function RunCost({ run }: { run: RunRow }) {
    const isIncomplete = isRunIncomplete(run);
    const title = run.cost === null ? (isIncomplete ? "No price is known for the models of this run" : "Nothing that could be priced was sent") : `$${run.cost.toFixed(7)}${isIncomplete ? "; incomplete: some of its calls have no known price" : ""}`;
    return (
        <span className="cost" title={title}>
            {money(run.cost)}
            {run.cost !== null && isIncomplete && (
                <span className="incomplete" aria-label="incomplete">
                    +?
                </span>
            )}
        </span>
    );
}

/** One line of a prompt or an answer. */
function oneLine(text: string): string {
    return text.replace(/\s+/g, " ").trim();
}

export function RunRowView({ run, isOn, withAgent = false }: { run: RunRow; isOn: boolean; withAgent?: boolean }) {
    const { path, params } = useApp();
    const key = runKey(run);
    const href = withParams(path({ name: "run", traceId: run.trace_id, spanId: run.span_id }), keepWindow(params));
    return (
        <div role="listitem" data-run={key} className={`run-row ${isOn ? "is-selected" : ""}`} onClick={(event) => !(event.target instanceof Element && event.target.closest("a, button")) && setParams({ run: isOn ? null : key })}>
            <RunStatus run={run} />
            <button type="button" className="run-twist" aria-expanded={isOn} aria-label={isOn ? "Close the run" : "Open the run beside the list"} onClick={() => setParams({ run: isOn ? null : key })}>
                <Icon name={isOn ? "left" : "right"} size={11} />
            </button>
            <span className="run-messages">
                {withAgent && <b>{run.agent_name ?? unknown}</b>}
                <Link href={href} className="run-prompt" title="Open the run on its own page">
                    {run.input === null ? <span className="muted">no prompt was recorded</span> : <bdi>{oneLine(run.input)}</bdi>}
                </Link>
                {run.is_error ? (
                    <span className="run-answer is-bad">
                        <span aria-hidden="true">→</span> {run.error_type?.split(".").pop() ?? "error"}
                    </span>
                ) : (
                    run.output !== null && (
                        <span className="run-answer">
                            <span aria-hidden="true">→</span> <bdi>{oneLine(run.output)}</bdi>
                        </span>
                    )
                )}
                {(run.retries ?? 0) > 0 && (
                    <span className="tag tag-warn" title="Attempts of its calls that failed and were tried again">
                        {count(run.retries)} {run.retries === 1 ? "retry" : "retries"}
                    </span>
                )}
            </span>
            <span className="run-conversation">{run.conversation_id !== null ? <ConversationChip id={run.conversation_id} /> : <span className="muted">{unknown}</span>}</span>
            <span className="run-model soft" title={run.model ?? undefined}>
                {run.model ?? unknown}
            </span>
            <span className="num run-cost">
                <RunCost run={run} />
            </span>
            <span className="num run-duration">{duration(run.duration)}</span>
            <span className="num run-in" title={count(run.input_tokens)}>
                {compact(run.input_tokens)}
            </span>
            <span className="num run-out" title={count(run.output_tokens)}>
                {compact(run.output_tokens)}
            </span>
            <span className="num run-time soft">
                <Ago time={run.start_timestamp} />
            </span>
        </div>
    );
}
