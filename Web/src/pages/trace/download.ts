import { query } from "../../api/client";
import type { FullRecord } from "../../api/types";
import { literal } from "../../lib/sql";

const page = 5000;

/** Every record of the trace with all its attributes, as a JSON file. `onProgress` is told how many records are there. */
export async function downloadTrace(traceId: string, onProgress: (records: number) => void, signal?: AbortSignal): Promise<void> {
    const parts: string[] = [];
    let many = 0;
    for (;;) {
        const rows = await query<FullRecord>(`SELECT * FROM records_all WHERE trace_id = ${literal(traceId)} ORDER BY start_timestamp, span_id, kind LIMIT ${page} OFFSET ${many}`, { limit: page, signal });
        // As text at once: the objects of a long trace would fill the memory.
        for (const row of rows) parts.push(`${many === 0 && parts.length === 0 ? "" : ",\n"}${JSON.stringify(row)}`);
        many += rows.length;
        onProgress(many);
        if (rows.length < page) break;
    }
    const url = URL.createObjectURL(new Blob(["[\n", ...parts, "\n]\n"], { type: "application/json" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = `trace-${traceId}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
