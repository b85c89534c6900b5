import type { Json } from "../../api/types";
import { Chip, Link } from "../../components/basic";
import { Icon } from "../../components/Icon";
import { levelName } from "../../lib/level";
import { useApp } from "../../app/context";
import { cellText, cellTitle, plain, ResultColumn, traceColumnFor } from "./values";

const traceID = /^[0-9a-f]{32}$/;
const spanID = /^[0-9a-f]{16}$/;

/** One value of the table, in the form of its kind. */
export function Cell({ column, row, names, isRaw, onExpand }: { column: ResultColumn; row: Record<string, Json>; names: readonly string[]; isRaw: boolean; onExpand(element: HTMLElement): void }) {
    const { path } = useApp();
    const value = row[column.name];
    const text = cellText(column, value, isRaw);
    const title = cellTitle(column, value);
    if (value === null || value === undefined) {
        return (
            <span className="cell-null" title={title}>
                {text}
            </span>
        );
    }
    const id = plain(value);
    if (column.kind === "trace" && traceID.test(id)) {
        return (
            <Link href={path({ name: "trace", traceId: id })} className="mono" title={`Open trace ${id}`}>
                {id}
            </Link>
        );
    }
    if (column.kind === "span" && spanID.test(id)) {
        const traceColumn = traceColumnFor(column.name, names);
        const trace = traceColumn === null ? "" : plain(row[traceColumn]);
        if (traceID.test(trace)) {
            return (
                <Link href={`${path({ name: "trace", traceId: trace })}?span=${id}`} className="mono" title={`Open span ${id} in its trace`}>
                    {id}
                </Link>
            );
        }
        return <span className="mono">{id}</span>;
    }
    if (column.kind === "service" && !isRaw && id !== "") return <Chip name={id} />;
    const isLong = column.kind === "json" || (typeof value === "string" && (value.length > 60 || value.includes("\n")));
    if (isLong) {
        return (
            <>
                <button type="button" className="cell-expand" tabIndex={-1} aria-label={`Show all of ${column.name}`} title="Show all of it" onClick={(event) => onExpand(event.currentTarget)}>
                    <Icon name="expand" size={10} />
                </button>
                <span className={column.kind === "json" ? "cell-json" : "cell-text"} title={column.kind === "json" ? undefined : title}>
                    {text.slice(0, 300)}
                </span>
            </>
        );
    }
    if (column.kind === "boolean") return <span className={value === true ? "cell-true" : "cell-false"}>{text}</span>;
    const level = column.name === "level" && typeof value === "number" && !isRaw ? levelName(value) : null;
    return (
        <span className={column.kind === "number" ? "cell-number" : "cell-text"} title={title}>
            {text}
            {level && <span className="muted"> {level}</span>}
        </span>
    );
}
