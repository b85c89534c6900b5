/** A number, what it is called, and what it means. */
export function Figure({ label, value, note, tone }: { label: string; value: string; note: string; tone?: "warn" }) {
    return (
        <div className={`figure ${tone ? `figure-${tone}` : ""}`}>
            <span className="figure-label">{label}</span>
            <b>{value}</b>
            <p className="muted small">{note}</p>
        </div>
    );
}
