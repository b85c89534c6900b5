import { useApp } from "../../app/context";
import { Link } from "../../components/basic";
import { Cost } from "../../components/Cost";
import { count, duration, unknown } from "../../lib/format";
import type { RunCall } from "./queries";
import { StopReason } from "./TurnTable";

/** The line above an answer: which call gave it, for how many tokens and how much, and why it ended. */
export function TurnHead({ call, number }: { call: RunCall; number: number }) {
    const { path } = useApp();
    return (
        <div className="turn-head" data-turn={number}>
            <b>Turn {number}</b>
            <Link href={`${path({ name: "trace", traceId: call.trace_id })}?span=${call.span_id}`} title="This call in its trace">
                {call.model ?? unknown}
            </Link>
            <span title="input → output tokens">
                {count(call.input_tokens)} → {count(call.output_tokens)}
            </span>
            <Cost call={call} />
            <StopReason call={call} />
            <span className="turn-time">{duration(call.duration)}</span>
        </div>
    );
}
