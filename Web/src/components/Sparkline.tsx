export interface SparklineProps {
    /** Null leaves a gap. */
    values: readonly (number | null)[];
    tone: "muted" | "red" | "amber" | "violet";
    label: string;
}

const width = 64;
const height = 16;

export function Sparkline({ values, tone, label }: SparklineProps) {
    const known = values.filter((v): v is number => v !== null);
    if (known.length < 2) return null;
    const top = Math.max(...known, 1e-9);
    const x = (i: number) => (i * width) / Math.max(1, values.length - 1);
    const y = (v: number) => height - 1.5 - (v / top) * (height - 3);
    let path = "";
    let pen = false;
    values.forEach((v, i) => {
        if (v === null) {
            pen = false;
            return;
        }
        path += `${pen ? "L" : "M"}${x(i).toFixed(1)} ${y(v).toFixed(1)}`;
        // A lone point between gaps would not be drawn without a length.
        if (!pen && (values[i + 1] ?? null) === null) path += `h1.2`;
        pen = true;
    });
    return (
        <svg className={`spark spark-${tone}`} width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
            <path d={path} fill="none" strokeWidth="1.4" strokeLinejoin="round" strokeLinecap="round" />
        </svg>
    );
}
