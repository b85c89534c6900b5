import { max } from "d3-array";
import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";

export interface SparklineProps {
    /** Null leaves a gap. */
    values: readonly (number | null)[];
    tone: "muted" | "red" | "amber" | "violet";
    label: string;
}

const width = 64;
const height = 16;

export function Sparkline({ values, tone, label }: SparklineProps) {
    if (values.filter((v) => v !== null).length < 2) return null;
    const x = scaleLinear().domain([0, Math.max(1, values.length - 1)]).range([1, width - 1]);
    const y = scaleLinear().domain([0, Math.max(max(values) ?? 0, 1e-9)]).range([height - 1.5, 1.5]);
    // A lone value between gaps is a closed path of no length, which round caps draw as a dot.
    const path = line<number | null>()
        .defined((v) => v !== null)
        .x((_, i) => x(i))
        .y((v) => y(v ?? 0))(values);
    return (
        <svg className={`spark spark-${tone}`} width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
            <path d={path ?? ""} fill="none" strokeWidth="1.4" strokeLinejoin="round" strokeLinecap="round" />
        </svg>
    );
}
