import type { Json } from "../../api/types";
import { useApp } from "../../app/context";
import { CopyButton, Kbd, Link } from "../../components/basic";
import { Icon } from "../../components/Icon";
import { JsonTree } from "../../components/JsonTree";
import { isObject, unwrap } from "../../lib/json";
import { cellText, cellTitle, plain, ResultColumn, traceColumnFor } from "./values";

/** One row with every column in full. */
export function RowDetails({ columns, row, index, many, isRaw, onMove, onClose }: { columns: readonly ResultColumn[]; row: Record<string, Json>; index: number; many: number; isRaw: boolean; onMove(index: number): void; onClose(): void }) {
    return (
        <section
            className="row-details"
            aria-label={`Row ${index + 1}`}
            onKeyDown={(event) => {
                if (event.key === "Escape") onClose();
                else if (event.key === "[") onMove(index - 1);
                else if (event.key === "]") onMove(index + 1);
                else return;
                event.preventDefault();
                event.stopPropagation();
            }}
        >
            <header>
                <strong>Row {index + 1}</strong>
                <span className="muted">of {many}</span>
                <button type="button" className="icon-button" disabled={index === 0} aria-label="Row before" title="Row before: [" onClick={() => onMove(index - 1)}>
                    <Kbd>[</Kbd>
                </button>
                <button type="button" className="icon-button" disabled={index === many - 1} aria-label="Next row" title="Next row: ]" onClick={() => onMove(index + 1)}>
                    <Kbd>]</Kbd>
                </button>
                <span className="fill" />
                <CopyButton text={() => JSON.stringify(row, null, 2)} label="Copy the row as JSON" />
                <button type="button" className="icon-button" aria-label="Close the details" title="Close: Esc" onClick={onClose}>
                    <Icon name="close" size={12} />
                </button>
            </header>
            <dl tabIndex={0} aria-label="Columns of the row">
                {columns.map((column) => (
                    <Line key={column.name} column={column} row={row} names={columns.map((c) => c.name)} isRaw={isRaw} />
                ))}
            </dl>
        </section>
    );
}

function Line({ column, row, names, isRaw }: { column: ResultColumn; row: Record<string, Json>; names: readonly string[]; isRaw: boolean }) {
    const { path } = useApp();
    const value = row[column.name] ?? null;
    const inner = unwrap(value);
    const text = plain(value);
    const traceColumn = column.kind === "trace" ? column.name : column.kind === "span" ? traceColumnFor(column.name, names) : null;
    const trace = traceColumn === null ? "" : plain(row[traceColumn]);
    const isLinked = value !== null && /^[0-9a-f]{32}$/.test(trace);
    return (
        <div>
            <dt title={column.type}>{column.name}</dt>
            <dd>
                <div className="row-value" title={cellTitle(column, value)}>
                    {value === null ? (
                        <span className="cell-null">—</span>
                    ) : isLinked ? (
                        <Link href={`${path({ name: "trace", traceId: trace })}${column.kind === "span" ? `?span=${text}` : ""}`} className="mono">
                            {text}
                        </Link>
                    ) : Array.isArray(inner) || isObject(inner) ? (
                        <JsonTree value={value} openDepth={1} />
                    ) : typeof value === "string" && column.kind === "text" ? (
                        <span className="row-text">{value}</span>
                    ) : (
                        <span className="mono">{cellText(column, value, isRaw)}</span>
                    )}
                </div>
                {value !== null && <CopyButton text={() => text} label={`Copy ${column.name}`} />}
            </dd>
        </div>
    );
}
