import { headingOf } from "./axes";
import { lengthOf, Series, XDomain } from "./series";

/** The values of a chart as a table, for readers who cannot or do not want to look at shapes. */
export function ChartTable({ title, x, series, format, height }: { title: string; x: XDomain; series: readonly Series[]; format(value: number | null): string; height: number }) {
    const rows = Array.from({ length: lengthOf(x) }, (_, i) => i).filter((i) => series.some((s) => (s.values[i] ?? null) !== null));
    return (
        <div className="chart-table" style={{ maxHeight: height }} tabIndex={0} role="region" aria-label={`${title}: values`}>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{x.kind === "names" ? "Name" : x.kind === "numbers" ? "Value" : "Time"}</th>
                        {series.map((s) => (
                            <th key={s.label} scope="col" className="num">
                                {s.label}
                            </th>
                        ))}
                    </tr>
                </thead>
                <tbody>
                    {rows.map((i) => (
                        <tr key={i}>
                            <th scope="row">{headingOf(x, i)}</th>
                            {series.map((s) => (
                                <td key={s.label} className="num">
                                    {format(s.values[i] ?? null)}
                                </td>
                            ))}
                        </tr>
                    ))}
                </tbody>
            </table>
            {rows.length === 0 && <p className="muted">No values in this range.</p>}
        </div>
    );
}
