import { FormEvent, useState } from "react";
import { query } from "../../api/client";
import { setParams } from "../../app/router";
import { MenuItem, Popover } from "../../components/Popover";
import { duration } from "../../lib/format";
import { literal } from "../../lib/sql";
import { clock, day, parseTime } from "../../lib/time";
import { useAsync } from "../../lib/useAsync";
import type { TraceModel } from "./model";

interface Similar {
    trace_id: string;
    start_timestamp: string;
    duration: number | null;
}

/** Chooses the trace to compare with: one that began the same way, or any by its id. */
export function CompareMenu({ model, traceId }: { model: TraceModel; traceId: string }) {
    return (
        <Popover className="link-button" align="right" title="Compare with another trace" label="Compare…">
            {(close) => <Choice model={model} traceId={traceId} onDone={close} />}
        </Popover>
    );
}

function Choice({ model, traceId, onDone }: { model: TraceModel; traceId: string; onDone(): void }) {
    const [typed, setTyped] = useState("");
    const root = (model.roots.find((n) => !n.item.isPoint) ?? model.roots[0])?.item.record;
    const found = useAsync(root ? `similar:${traceId}` : null, (signal) =>
        query<Similar>(
            `SELECT trace_id, start_timestamp, duration FROM records WHERE span_name = ${literal(root!.span_name)} AND kind = 'span' AND parent_span_id IS NULL${root!.service_name ? ` AND service_name = ${literal(root!.service_name)}` : ""} AND trace_id <> ${literal(traceId)} ORDER BY start_timestamp DESC LIMIT 12`,
            { limit: 12, signal },
        ),
    );
    const compare = (other: string) => {
        setParams({ compare: other, span: null });
        onDone();
    };
    const id = typed.trim().toLowerCase();
    const isValid = /^[0-9a-f]{32}$/.test(id) && id !== traceId;
    const submit = (event: FormEvent) => {
        event.preventDefault();
        if (isValid) compare(id);
    };
    return (
        <div className="compare-menu">
            <form onSubmit={submit}>
                <input type="text" placeholder="Trace id" aria-label="Trace id to compare with" spellCheck={false} value={typed} onChange={(event) => setTyped(event.target.value)} />
                <button type="submit" className="button" disabled={!isValid}>
                    Compare
                </button>
            </form>
            {id !== "" && !isValid && <p className="menu-note">{id === traceId ? "That is this trace." : "A trace id has 32 hexadecimal digits."}</p>}
            {found.data && found.data.length > 0 && (
                <div role="menu" aria-label="Traces that began the same way">
                    <p className="menu-group">Also {root!.span_name}</p>
                    {found.data.map((t) => {
                        const start = parseTime(t.start_timestamp);
                        return (
                            <MenuItem key={t.trace_id} hint={duration(t.duration)} onSelect={() => compare(t.trace_id)}>
                                {day(start)} {clock(start)} <code>{t.trace_id.slice(0, 8)}</code>
                            </MenuItem>
                        );
                    })}
                </div>
            )}
            {found.data?.length === 0 && <p className="menu-note">No other trace begins with this span; paste the id of any.</p>}
        </div>
    );
}
