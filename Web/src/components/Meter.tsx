/** How far a long piece of work is. Without a total it only moves. */
export function Meter({ done, total, label, note }: { done: number; total: number | null; label: string; note?: string }) {
    const share = total && total > 0 ? Math.min(1, done / total) : null;
    return (
        <div className="meter">
            <div className="meter-bar" role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={share === null ? undefined : Math.round(share * 100)}>
                <i style={{ width: `${(share ?? 0.1) * 100}%` }} />
            </div>
            {note && <p className="muted small">{note}</p>}
        </div>
    );
}
