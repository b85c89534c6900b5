import { useEffect, useRef, useState } from "react";
import { recompute, RecomputeResult, RecomputeStep } from "../../../api/prices";
import { ConfirmDialog } from "../../../app/ConfirmDialog";
import { useApp } from "../../../app/context";
import { Button, SelectField } from "../../../components/form";
import { Meter } from "../../../components/Meter";
import { FailedAction } from "../../../components/states";
import { count, money, plural, unknown } from "../../../lib/format";
import { isoTime } from "../../../lib/time";
import { useAction } from "../../../lib/useAction";
import { Panel } from "../Panel";

const spans = [
    { id: "1", label: "the last day" },
    { id: "7", label: "the last 7 days" },
    { id: "30", label: "the last 30 days" },
    { id: "90", label: "the last 90 days" },
    { id: "all", label: "all stored calls" },
];

/** Prices stored calls anew, after a look at what would change. */
export function Recompute() {
    const { canManage } = useApp();
    const [days, setDays] = useState("30");
    const [step, setStep] = useState<RecomputeStep | null>(null);
    const [result, setResult] = useState<{ result: RecomputeResult; days: string } | null>(null);
    const [isAsking, setAsking] = useState(false);
    const controller = useRef<AbortController | null>(null);
    useEffect(() => () => controller.current?.abort(), []);
    const since = () => (days === "all" ? "1970-01-01T00:00:00Z" : isoTime(Date.now() - Number(days) * 86400e3));
    const run = useAction(async (isDry: boolean) => {
        controller.current = new AbortController();
        setResult(null);
        setStep({ calls: 0, changed: 0 });
        try {
            setResult({ result: await recompute({ since: since(), until: null, dry_run: isDry }, setStep, controller.current.signal), days });
        } finally {
            setStep(null);
        }
    });
    const dry = result?.result.dry_run === true && result.days === days ? result.result : null;
    return (
        <Panel title="Recompute stored costs" lead="Costs that were computed are computed again with the prices of now, each by the time of its call. A cost that the sender sent stays.">
            {canManage ? (
                <div className="recompute-bar">
                    <SelectField label="Calls of" value={days} disabled={run.isBusy} onChange={(event) => setDays(event.target.value)}>
                        {spans.map((s) => (
                            <option key={s.id} value={s.id}>
                                {s.label}
                            </option>
                        ))}
                    </SelectField>
                    <Button isBusy={run.isBusy} onClick={() => void run.run(true)}>
                        See what would change
                    </Button>
                    <Button tone="primary" disabled={dry === null || dry.changed === 0} isBusy={run.isBusy} onClick={() => setAsking(true)} title={dry === null ? "Look at what would change first" : undefined}>
                        Recompute
                    </Button>
                    {run.isBusy && (
                        <button type="button" className="link-button" onClick={() => controller.current?.abort()}>
                            Stop
                        </button>
                    )}
                </div>
            ) : (
                <p className="muted">Your role does not allow it.</p>
            )}
            {step && <Meter done={step.calls} total={step.total ?? null} label="Calls looked at" note={step.total === undefined ? "Starting…" : `${count(step.calls)} of ${plural(step.total, "call")} · ${count(step.changed)} changed`} />}
            <FailedAction error={run.error} />
            {result && <Outcome result={result.result} />}
            {isAsking && dry && (
                <ConfirmDialog
                    title={`Change the cost of ${plural(dry.changed, "call")}`}
                    verb="Recompute"
                    onClose={() => setAsking(false)}
                    onConfirm={async () => {
                        setAsking(false);
                        void run.run(false);
                    }}
                >
                    <p className="soft">
                        The sum goes from {money(dry.cost_before)} to {money(dry.cost_after)}. The old figures are not kept.
                    </p>
                </ConfirmDialog>
            )}
        </Panel>
    );
}

function Outcome({ result }: { result: RecomputeResult }) {
    const shown = result.models.filter((m) => m.changed > 0);
    return (
        <div className="trial-result" role="status">
            <p>
                <b>
                    {plural(result.changed, "call")} {result.dry_run ? "would change" : "changed"}
                </b>{" "}
                of {count(result.calls)}
                <span className="muted">
                    {" "}
                    · {count(result.newly_priced)} newly priced · {count(result.newly_unpriced)} without a price now · {count(result.kept_sent)} as sent
                </span>
            </p>
            <p>
                Sum {money(result.cost_before)} → <b>{money(result.cost_after)}</b>
            </p>
            {shown.length > 0 && (
                <div className="table-wrap">
                    <table className="listing">
                        <thead>
                            <tr>
                                <th>Model</th>
                                <th className="num">Calls</th>
                                <th className="num">{result.dry_run ? "Would change" : "Changed"}</th>
                                <th className="num">Before</th>
                                <th className="num">After</th>
                            </tr>
                        </thead>
                        <tbody>
                            {shown.map((m) => (
                                <tr key={`${m.provider}/${m.model}`}>
                                    <td className="cell-wide">
                                        {m.model ?? unknown}
                                        <small>{m.provider ?? unknown}</small>
                                    </td>
                                    <td className="num">{count(m.calls)}</td>
                                    <td className="num">{count(m.changed)}</td>
                                    <td className="num">{money(m.cost_before)}</td>
                                    <td className="num">{money(m.cost_after)}</td>
                                </tr>
                            ))}
                        </tbody>
                    </table>
                </div>
            )}
        </div>
    );
}
