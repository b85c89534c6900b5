import { duration, percent } from "../../lib/format";
import { Category, categoryLabels, rules } from "./categories";
import { TraceModel } from "./model";
import { wholeUpTo } from "./queries";
import { timeByCategory } from "./timing";
import { useIdle } from "./useIdle";

export interface WhereTimeProps {
    model: TraceModel;
    focus?: Category | null;
    /** Makes the parts buttons that pick out their spans. */
    onFocus?(category: Category | null): void;
}

/** In words what counts as a category. */
function ruleOf(category: Category): string {
    if (category === "idle") return "instants at which no span of the trace ran";
    return rules.filter((r) => r.id === category && r.rule !== "").map((r) => r.rule).join("; ");
}

export function WhereTime({ model, focus = null, onFocus }: WhereTimeProps) {
    const totals = useIdle(() => timeByCategory(model), model.nodes.length <= wholeUpTo, [model]);
    const whole = model.end - model.start;
    const parts = [...(totals ?? [])].sort((a, b) => b[1] - a[1]).map(([category, ms]) => ({ category, ms, share: ms / whole }));
    if (totals && parts.length < 2) return null;
    return (
        <section className="where" aria-label="Where the time went" data-total={whole}>
            <h2>Where the time went</h2>
            <div className="where-bar" role="img" aria-label={parts.map((p) => `${categoryLabels[p.category]} ${duration(p.ms / 1000)}`).join(", ")}>
                {parts.map((p) => (
                    <i key={p.category} className={`cat-${p.category} ${focus !== null && focus !== p.category ? "is-faded" : ""}`} style={{ width: `${p.share * 100}%` }} title={`${categoryLabels[p.category]}: ${duration(p.ms / 1000)}, ${percent(p.share)}`} />
                ))}
            </div>
            <div className="where-legend">
                {parts.map((p) => {
                    const text = (
                        <>
                            <em className={`cat-${p.category}`} />
                            {categoryLabels[p.category]} <b>{duration(p.ms / 1000)}</b> <span className="where-share">{percent(p.share, p.share < 0.095 ? 1 : 0)}</span>
                        </>
                    );
                    return onFocus && p.category !== "idle" ? (
                        <button key={p.category} type="button" data-category={p.category} data-ms={p.ms} aria-pressed={focus === p.category} className={`where-part ${focus === p.category ? "is-on" : ""}`} onClick={() => onFocus(focus === p.category ? null : p.category)} title={`${ruleOf(p.category)}. Every instant counts once, for the deepest span running. Click to pick them out.`}>
                            {text}
                        </button>
                    ) : (
                        <span key={p.category} data-category={p.category} data-ms={p.ms} title={ruleOf(p.category)}>
                            {text}
                        </span>
                    );
                })}
            </div>
        </section>
    );
}
