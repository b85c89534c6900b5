import { query } from "../../api/client";
import { setParams } from "../../app/router";
import { Empty, Loading } from "../../components/states";
import { Range } from "../../lib/range";
import { useAsync } from "../../lib/useAsync";
import { SendGuides } from "../add/SendGuides";

/** `hasRecords` is about all projects of the server; whether this one has any is looked up only when it matters. */
export function LiveEmpty({ isFiltered, hasRecords, range }: { isFiltered: boolean; hasRecords: boolean; range: Range }) {
    const own = useAsync(isFiltered || !hasRecords ? null : "any-record", (signal) => query<{ one: number }>("SELECT 1 AS one FROM records_all LIMIT 1", { limit: 1, signal }));
    const isEmptyProject = !isFiltered && (!hasRecords || own.data?.length === 0);
    if (own.isLoading && own.data === null) return <Loading what="records" />;
    if (!isEmptyProject) {
        const wider = range.kind === "custom" ? "7d" : ({ "5m": "1h", "15m": "1d", "1h": "1d", "6h": "7d", "1d": "7d" } as Record<string, string>)[range.id] ?? "30d";
        return (
            <Empty title={isFiltered ? "No record matches" : "No records in this range"}>
                <p className="muted">New ones appear here as they arrive.</p>
                <p className="state-actions">
                    {isFiltered && (
                        <button type="button" className="button" onClick={() => setParams({ q: null, service: null, level: null, scope: null, kind: null, env: null })}>
                            Clear the filters
                        </button>
                    )}
                    <button type="button" className="button" onClick={() => setParams({ range: wider, from: null, to: null })}>
                        Look at the last {wider}
                    </button>
                </p>
            </Empty>
        );
    }
    return (
        <Empty title="Waiting for the first record">
            <p className="muted">Send one from any of these. It appears here as soon as it is stored.</p>
            <SendGuides />
        </Empty>
    );
}
