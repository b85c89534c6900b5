import { useMemo } from "react";
import { duration, percent } from "../../lib/format";
import type { TraceModel } from "./model";
import { categoryLabels, timeByCategory } from "./timing";

export function WhereTime({ model }: { model: TraceModel }) {
    const parts = useMemo(() => {
        const totals = [...timeByCategory(model).entries()].filter(([, ms]) => ms > 0).sort((a, b) => b[1] - a[1]);
        const sum = totals.reduce((s, [, ms]) => s + ms, 0);
        return totals.map(([category, ms]) => ({ category, ms, share: sum > 0 ? ms / sum : 0 }));
    }, [model]);
    if (parts.length < 2) return null;
    return (
        <section className="where" aria-label="Where the time went">
            <h2>Where the time went</h2>
            <div className="where-bar" role="img" aria-label={parts.map((p) => `${categoryLabels[p.category]} ${duration(p.ms / 1000)}`).join(", ")}>
                {parts.map((p) => (
                    <i key={p.category} className={`cat-${p.category}`} style={{ width: `${p.share * 100}%` }} title={`${categoryLabels[p.category]}: ${duration(p.ms / 1000)}, ${percent(p.share)}`} />
                ))}
            </div>
            <div className="where-legend">
                {parts.map((p) => (
                    <span key={p.category}>
                        <em className={`cat-${p.category}`} />
                        {categoryLabels[p.category]} <b>{duration(p.ms / 1000)}</b>
                    </span>
                ))}
            </div>
        </section>
    );
}

