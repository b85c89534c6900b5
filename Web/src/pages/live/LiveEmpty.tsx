import { setParams } from "../../app/router";
import { Empty } from "../../components/states";
import { Range } from "../../lib/range";
import { SendGuides } from "../add/SendGuides";

export function LiveEmpty({ isFiltered, hasRecords, range }: { isFiltered: boolean; hasRecords: boolean; range: Range }) {
    if (isFiltered || hasRecords) {
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
