import { ReactNode, RefObject, useEffect, useMemo, useState } from "react";
import type { Json } from "../../api/types";
import { copyText } from "../../components/basic";
import { Splitter } from "../../components/Splitter";
import { Tabs } from "../../components/Tabs";
import type { ExploreView } from "../../lib/explore";
import { bytes, compact, count, duration, plural } from "../../lib/format";
import { ChartView } from "./ChartView";
import { PlanView } from "./PlanView";
import { ResultTable, Sort } from "./ResultTable";
import { RowDetails } from "./RowDetails";
import type { ChartChoice } from "./tabs";
import type { Outcome } from "./useRuns";
import { CopyForm, numberText, rowsAsText, sorted } from "./values";
import { useHeight } from "./useHeight";

export interface ResultPaneProps {
    outcome: Outcome;
    view: ExploreView;
    onView(view: ExploreView): void;
    chart: ChartChoice;
    onChart(chart: ChartChoice): void;
    /** The rows could not all be shown for this limit. */
    onMore: (() => void) | null;
    pane: RefObject<HTMLDivElement>;
}

const views: readonly { id: ExploreView; label: string }[] = [
    { id: "table", label: "Table" },
    { id: "chart", label: "Chart" },
    { id: "details", label: "Details" },
    { id: "plan", label: "Plan" },
];

/** An answer as a table, a chart, one row, or the way it was found. */
export function ResultPane({ outcome, view, onView, chart, onChart, onMore, pane }: ResultPaneProps) {
    const { columns } = outcome;
    const result = outcome.result!;
    const [sort, setSort] = useState<Sort | null>(null);
    const [isRaw, setRaw] = useState(false);
    const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
    const [active, setActive] = useState({ row: 0, column: 0 });
    const [said, setSaid] = useState("");
    const height = useHeight(pane);
    useEffect(() => {
        setSort(null);
        setSelected(new Set());
        setActive({ row: 0, column: 0 });
    }, [outcome.serial]);
    const rows = useMemo(() => {
        if (!sort) return result.rows;
        return sorted(result.rows, sort.column, sort.descending);
    }, [result, sort]);
    const onSort = (column: string) => {
        setSelected(new Set());
        setSort((s) => {
            const isNumber = columns.find((c) => c.name === column)?.isNumeric ?? false;
            if (s?.column !== column) return { column, descending: isNumber };
            return s.descending === isNumber ? { column, descending: !isNumber } : null;
        });
    };
    const say = (what: string) => {
        setSaid(what);
        setTimeout(() => setSaid(""), 2000);
    };
    const row = rows[Math.min(active.row, rows.length - 1)];
    const table = (
        <ResultTable
            key={outcome.serial}
            columns={columns}
            rows={rows}
            sort={sort}
            onSort={onSort}
            isRaw={isRaw}
            selected={selected}
            onSelect={setSelected}
            active={active}
            onActive={setActive}
            onOpen={(index) => {
                setActive((a) => ({ ...a, row: index }));
                onView("details");
            }}
            onCopied={(what) => say(`Copied ${what}`)}
        />
    );
    let body: ReactNode;
    if (view === "plan" && result.plan) body = <PlanView key={outcome.serial} plan={result.plan} />;
    else if (view === "chart") body = <ChartView columns={columns} rows={result.rows} choice={chart} onChoice={onChart} height={height} />;
    else if (rows.length === 0) body = <p className="state muted">The statement is right, and no row meets it. A longer time range may have some.</p>;
    else if (view === "details" && row) {
        body = <Splitter name="explore-row" initial={0.58} left={table} right={<RowDetails columns={columns} row={row} index={Math.min(active.row, rows.length - 1)} many={rows.length} isRaw={isRaw} onMove={(index) => setActive((a) => ({ ...a, row: Math.min(rows.length - 1, Math.max(0, index)) }))} onClose={() => onView("table")} />} />;
    } else body = table;
    const isFull = result.rows.length >= outcome.asked.limit && outcome.asked.limit > 0;
    return (
        <>
            <div className="result-head">
                <Tabs tabs={views} selected={view} onSelect={(id) => onView(id as ExploreView)} label="Ways to see the answer" prefix="view-" />
                <Figures outcome={outcome} isFull={isFull} onMore={onMore} />
                <span className="fill" />
                <span role="status" className="small">
                    {said}
                </span>
                {selected.size > 0 && view !== "chart" && view !== "plan" && (
                    <Selection
                        rows={[...selected].sort((a, b) => a - b).flatMap((i) => (rows[i] ? [rows[i]!] : []))}
                        column={columns[active.column]?.isNumeric ? columns[active.column]!.name : null}
                        onCopy={(form, chosen) => void copyText(rowsAsText(columns, chosen, form)).then((ok) => say(ok ? `Copied ${plural(chosen.length, "row")}` : "The browser refused to copy"))}
                        onClear={() => setSelected(new Set())}
                    />
                )}
                {(view === "table" || view === "details") && (
                    <label className="raw-switch" title="Values as the server sent them, without units and rounding">
                        <input type="checkbox" checked={isRaw} onChange={(event) => setRaw(event.target.checked)} />
                        Raw values
                    </label>
                )}
            </div>
            {result.warnings.map((warning) => (
                <p key={warning} className="result-warning" role="alert">
                    {warning}
                </p>
            ))}
            <div className={outcome.state === "running" ? "result-body is-old" : "result-body"} role="tabpanel" aria-label={views.find((v) => v.id === view)?.label} ref={pane}>
                {body}
            </div>
        </>
    );
}

function Figures({ outcome, isFull, onMore }: { outcome: Outcome; isFull: boolean; onMore: (() => void) | null }) {
    const result = outcome.result!;
    return (
        <span className="answer-figures" aria-label="Figures of the answer">
            <b>{isFull ? `first ${plural(result.rows.length, "row")}` : plural(result.rows.length, "row")}</b>
            {isFull && onMore && (
                <button type="button" className="link-button" onClick={onMore} title="Raise the row limit and run again">
                    more
                </button>
            )}
            {result.elapsed !== null && <span title={`${count(result.elapsed)} ms from the arrival at the server to the last row`}>{duration(result.elapsed / 1000)}</span>}
            {result.scanned !== null && result.scanned > 0 && <span title={`${count(result.scanned)} records lie in the files that the time range needs; the plan tells what each step read`}>{compact(result.scanned)} records scanned</span>}
            <span title={`${count(result.size)} characters of JSON`}>{bytes(result.size)}</span>
        </span>
    );
}

function Selection({ rows, column, onCopy, onClear }: { rows: readonly Record<string, Json>[]; column: string | null; onCopy(form: CopyForm, rows: readonly Record<string, Json>[]): void; onClear(): void }) {
    const values = column === null ? [] : rows.map((r) => r[column]).filter((v): v is number => typeof v === "number");
    const sum = values.reduce((s, v) => s + v, 0);
    return (
        <span className="selection" role="group" aria-label="Selected rows">
            <b>{plural(rows.length, "row")} selected</b>
            {values.length > 1 && (
                <span className="muted" title={`${column}: sum and mean of the selected rows`}>
                    Σ {numberText(sum)} · ⌀ {numberText(sum / values.length)}
                </span>
            )}
            <span className="muted">copy</span>
            {(["tsv", "markdown", "csv", "json"] as const).map((form) => (
                <button key={form} type="button" className="link-button" onClick={() => onCopy(form, rows)}>
                    {form === "markdown" ? "Markdown" : form.toUpperCase()}
                </button>
            ))}
            <button type="button" className="link-button" onClick={onClear}>
                clear
            </button>
        </span>
    );
}
