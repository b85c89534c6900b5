import { query } from "../../api/client";
import type { FullRecord } from "../../api/types";
import { literal } from "../../lib/sql";

const page = 2000;

/** Every record of the trace with all its attributes, as a JSON file. */
export async function downloadTrace(traceId: string): Promise<void> {
    const records: FullRecord[] = [];
    for (;;) {
        const rows = await query<FullRecord>(`SELECT * FROM records WHERE trace_id = ${literal(traceId)} ORDER BY start_timestamp, span_id, kind LIMIT ${page} OFFSET ${records.length}`, { limit: page });
        for (const row of rows) records.push(row);
        if (rows.length < page) break;
    }
    const url = URL.createObjectURL(new Blob([JSON.stringify(records, null, 1)], { type: "application/json" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = `trace-${traceId}.json`;
    link.click();
    URL.revokeObjectURL(url);
}
