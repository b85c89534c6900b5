import { useMemo } from "react";
import type { Json } from "../../api/types";
import { zoomTo } from "../../app/router";
import { Chart, ChartKind } from "../../components/Chart";
import { Icon } from "../../components/Icon";
import { MenuItem, Popover } from "../../components/Popover";
import { Empty } from "../../components/states";
import { axisFormat, chartData, planChart } from "./chartModel";
import type { ChartChoice } from "./tabs";
import type { ResultColumn } from "./values";

const kinds: readonly [ChartKind, string][] = [
    ["bars", "Stacked bars"],
    ["lines", "Lines"],
    ["area", "Stacked area"],
    ["points", "Points"],
];

/** The answer as a chart; every choice is made by itself until the reader makes it. */
export function ChartView({ columns, rows, choice, onChoice, height }: { columns: readonly ResultColumn[]; rows: readonly Record<string, Json>[]; choice: ChartChoice; onChoice(choice: ChartChoice): void; height: number }) {
    const plan = useMemo(() => planChart(columns, rows, choice), [columns, rows, choice]);
    const data = useMemo(() => (plan ? chartData(plan, columns, rows) : null), [plan, columns, rows]);
    const format = useMemo(() => axisFormat(plan?.y ?? []), [plan]);
    const numeric = columns.filter((c) => c.isNumeric && c.name !== plan?.x);
    if (rows.length === 0) return <Empty title="No rows, so there is nothing to draw" />;
    if (!plan || !data) {
        return (
            <Empty title="This answer has no number to draw">
                <p className="muted">Select a number beside a time or a name, such as count(*), sum(cost) or avg(duration).</p>
            </Empty>
        );
    }
    const set = (changes: ChartChoice) => onChoice({ ...choice, ...changes });
    const isZoomable = data.x.kind === "steps" || data.x.kind === "times";
    return (
        <div className="chart-view">
            <div className="chart-controls">
                <Choice label="Kind" value={plan.kind} options={kinds} onChange={(kind) => set({ kind: kind as ChartKind })} />
                <Choice label="x" value={plan.x} options={columns.filter((c) => c.kind !== "json").map((c) => [c.name, c.name])} onChange={(x) => set({ x, y: (choice.y ?? []).filter((y) => y !== x) })} />
                <Popover
                    title="Columns on the y axis"
                    label={
                        <>
                            <span className="muted">y</span> {plan.y.join(", ")} <Icon name="down" size={10} />
                        </>
                    }
                >
                    {() => (
                        <div role="menu" aria-label="Columns on the y axis">
                            {numeric.map((column) => {
                                const isOn = plan.y.includes(column.name);
                                return (
                                    <MenuItem key={column.name} checked={isOn} onSelect={() => set({ y: isOn ? (plan.y.length > 1 ? plan.y.filter((y) => y !== column.name) : plan.y) : [...plan.y, column.name] })}>
                                        {column.name}
                                    </MenuItem>
                                );
                            })}
                        </div>
                    )}
                </Popover>
                <Choice label="Series" value={plan.series} options={[["", "one for each y"], ...columns.filter((c) => c.name !== plan.x && c.kind !== "json" && !plan.y.includes(c.name)).map((c): [string, string] => [c.name, c.name])]} onChange={(series) => set({ series })} />
                {Object.keys(choice).length > 0 && (
                    <button type="button" className="link-button" onClick={() => onChoice({})}>
                        choose by itself
                    </button>
                )}
                <span className="fill" />
                {isZoomable && <span className="muted small">Drag narrows the time range</span>}
            </div>
            <Chart isBare title={`${plan.y.join(", ")} by ${plan.x}`} x={data.x} series={data.series} kind={plan.kind} format={format} height={Math.max(180, height - 118)} onZoom={isZoomable ? zoomTo : undefined} />
            {data.notes.map((note) => (
                <p key={note} className="muted small">
                    {note}
                </p>
            ))}
        </div>
    );
}

function Choice({ label, value, options, onChange }: { label: string; value: string; options: readonly (readonly [string, string])[]; onChange(value: string): void }) {
    return (
        <label className="chart-choice">
            <span className="muted">{label}</span>
            <select value={value} onChange={(event) => onChange(event.target.value)}>
                {options.map(([id, name]) => (
                    <option key={id} value={id}>
                        {name}
                    </option>
                ))}
            </select>
        </label>
    );
}
