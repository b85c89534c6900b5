import { ReactNode } from "react";
import { count, percent } from "../../lib/format";

export function Cards({ children }: { children: ReactNode }) {
    return <div className="cards">{children}</div>;
}

export function Card({ label, value, note, tone, title }: { label: string; value: ReactNode; note?: ReactNode; tone?: "bad" | "good"; title?: string }) {
    return (
        <div className="card" title={title}>
            <span className="card-label">{label}</span>
            <b className="card-value">{value}</b>
            <span className={`card-note ${tone ? `is-${tone}` : ""}`}>{note ?? "\u00a0"}</span>
        </div>
    );
}

/** `▲ 12% vs the day before`; nothing when there is nothing to compare with. */
export function change(now: number | null | undefined, before: number | null | undefined, than: string): string | null {
    if (now == null || before == null || before === 0) return null;
    const share = (now - before) / before;
    if (Math.abs(share) < 0.005) return `as ${than}`;
    if (share >= 10) return `▲ ×${count(now / before)} vs ${than}`;
    return `${share > 0 ? "▲" : "▼"} ${percent(Math.abs(share), Math.abs(share) < 0.1 ? 1 : 0)} vs ${than}`;
}
