import type { Series } from "./series";

/** Names of the series; a click hides or shows one. */
export function Legend({ series, colors, hidden, onToggle }: { series: readonly Series[]; colors: readonly string[]; hidden: ReadonlySet<string>; onToggle(label: string): void }) {
    return (
        <span className="chart-legend">
            {series.map((s, k) => {
                const isOff = hidden.has(s.label);
                return (
                    <button key={s.label} type="button" className={isOff ? "is-off" : undefined} aria-pressed={!isOff} title={isOff ? `Show ${s.label}` : `Hide ${s.label}`} onClick={() => onToggle(s.label)}>
                        <em style={{ background: colors[k] }} />
                        <span>{s.label}</span>
                    </button>
                );
            })}
        </span>
    );
}
