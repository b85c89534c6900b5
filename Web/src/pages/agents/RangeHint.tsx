import { setParams } from "../../app/router";
import type { Range } from "../../lib/range";
import { defaultRange } from "./usePage";

const longer: Record<string, string> = { "5m": "1d", "15m": "1d", "1h": "1d", "6h": "1d", "1d": "7d", "7d": "30d" };
const names: Record<string, string> = { "5m": "5 minutes", "15m": "15 minutes", "1h": "hour", "6h": "6 hours", "1d": "day", "7d": "7 days", "30d": "30 days" };

/** Says which part of time a list covers, and leads to more of it. */
export function RangeHint({ range, what }: { range: Range; what: string }) {
    const next = range.kind === "custom" ? "7d" : longer[range.id];
    return (
        <p className="page-foot muted">
            Missing {what}? You are viewing {range.kind === "custom" ? "a fixed range" : `the last ${names[range.id] ?? range.id}`}.{" "}
            {next && (
                <button type="button" className="link-button" onClick={() => setParams({ range: next === defaultRange ? null : next, from: null, to: null })}>
                    Try the last {names[next]}
                </button>
            )}
        </p>
    );
}
