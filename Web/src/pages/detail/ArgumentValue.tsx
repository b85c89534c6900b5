import type { Json, JsonObject } from "../../api/types";
import { JsonTree } from "../../components/JsonTree";
import { text } from "../../lib/json";
import { Frame2D, tableOf } from "./schema";

const mostRows = 50;

/** An argument the way its schema describes it: data frames and matrices as tables, everything else as a tree. */
export function ArgumentValue({ value, schema, openDepth }: { value: Json; schema: JsonObject | null; openDepth: number }) {
    const table = tableOf(value, schema);
    return table ? <Table table={table} /> : <JsonTree value={value} openDepth={openDepth} />;
}

function Table({ table }: { table: Frame2D }) {
    const hasIndex = table.index.length > 0;
    return (
        <div className="argument-table">
            <table>
                <thead>
                    <tr>
                        {hasIndex && <th aria-label="Row" />}
                        {table.columns.map((c, i) => (
                            <th key={i}>{c}</th>
                        ))}
                    </tr>
                </thead>
                <tbody>
                    {table.rows.slice(0, mostRows).map((row, i) => (
                        <tr key={i}>
                            {hasIndex && <th scope="row">{table.index[i]}</th>}
                            {row.map((cell, j) => (
                                <td key={j} className={typeof cell === "number" ? "num" : undefined}>
                                    {text(cell) ?? "—"}
                                </td>
                            ))}
                        </tr>
                    ))}
                </tbody>
            </table>
            {table.rows.length > mostRows && <p className="muted small">{table.rows.length - mostRows} more rows</p>}
        </div>
    );
}
