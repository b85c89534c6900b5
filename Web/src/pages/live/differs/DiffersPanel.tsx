import { useMemo } from "react";
import { query } from "../../../api/client";
import { setParams } from "../../../app/router";
import { Icon } from "../../../components/Icon";
import { OpenInExplore } from "../../../components/OpenInExplore";
import { ErrorBox, Progress } from "../../../components/states";
import { compact, count, duration, percent, plural } from "../../../lib/format";
import { bounds, Range } from "../../../lib/range";
import { attribute, literal } from "../../../lib/sql";
import { clock, isoTime } from "../../../lib/time";
import { useAsync } from "../../../lib/useAsync";
import { Difference, least, rank, sample, Sizes, sizesSQL, ValueRow, valuesSQL } from "./differs";
import { LatencyChart } from "./LatencyChart";
import { Box, comparison, writeBox } from "./selection";

export interface DiffersPanelProps {
    range: Range;
    /** What the search box and the pills find. */
    where: string | undefined;
    /** The condition of the environment alone. */
    environment: string | undefined;
    box: Box | null;
    /** Adds a condition to the search box. */
    onFilter(condition: string): void;
}

/** Rows of the answer that are shown. */
const most = 40;

export function setBox(box: Box | null): void {
    setParams({ box: box ? writeBox(box) : null }, { replace: true });
}

/** Which values set a selection apart from everything else. */
export function DiffersPanel({ range, where, environment, box, onFilter }: DiffersPanelProps) {
    const compared = useMemo(() => comparison(box, where, environment), [box, where, environment]);
    const key = compared ? JSON.stringify([range, compared]) : null;
    const answer = useAsync(key, async (signal) => {
        const ends = bounds(range, Date.now());
        const window = { from: isoTime(ends.from), to: isoTime(ends.to), signal };
        const [sizes] = await query<Sizes>(sizesSQL(compared!), window);
        const sql = valuesSQL(compared!, sizes!);
        const rows = sizes!.selected < least || sizes!.others < least ? [] : await query<ValueRow>(sql, { ...window, limit: 10000 });
        return { sizes: sizes!, sql, differences: rank(rows, compared!.selected) };
    });
    return (
        <section className="differs" aria-label="What differs">
            <header className="differs-head">
                <h2>What differs</h2>
                <p className="muted" role="status">
                    {compared === null ? "Nothing is selected yet." : !answer.data ? "Counting…" : <Told sizes={answer.data.sizes} box={box} />}
                </p>
                <span className="search-fill" />
                {box && (
                    <button type="button" className="tool-button is-on" onClick={() => setBox(null)}>
                        Clear the selection
                    </button>
                )}
                {answer.data && <OpenInExplore sql={answer.data.sql} what="the comparison" isIcon />}
                <button type="button" className="icon-button" aria-label="Close what differs" title="Close" onClick={() => setParams({ differs: null, box: null })}>
                    <Icon name="close" />
                </button>
            </header>
            <Progress active={answer.isLoading} />
            <div className="differs-body">
                <LatencyChart range={range} where={where} box={box} onBox={setBox} />
                <div className="differs-answer">
                    {answer.error ? (
                        <ErrorBox error={answer.error} onRetry={answer.reload} />
                    ) : compared === null ? (
                        <div className="differs-note">
                            <p>Drag a box over the durations, drag over the histogram above, or type a filter: its records are compared with all others of the range.</p>
                            <p className="muted">Every column, attribute, resource attribute and tag is compared; what is more frequent than chance explains is listed by lift.</p>
                        </div>
                    ) : !answer.data ? null : answer.data.differences.length === 0 ? (
                        <Nothing sizes={answer.data.sizes} />
                    ) : (
                        <Answer differences={answer.data.differences} onFilter={onFilter} />
                    )}
                </div>
            </div>
        </section>
    );
}

function Told({ sizes, box }: { sizes: Sizes; box: Box | null }) {
    const isSampled = sizes.selected > sample || sizes.others > sample;
    return (
        <>
            {plural(sizes.selected, "record")} {box ? (box.least === null ? `from ${clock(box.from)} to ${clock(box.to)}` : `of ${duration(box.least)} to ${duration(box.most)}, ${clock(box.from)} to ${clock(box.to)},`) : "of the filter"} against {count(sizes.others)} others
            {isSampled && <span title={`Shares come from an even sample of at most about ${count(sample)} records on either side.`}> (sampled)</span>}
        </>
    );
}

function Nothing({ sizes }: { sizes: Sizes }) {
    return (
        <div className="differs-note">
            <p>
                {sizes.selected < least
                    ? `Only ${plural(sizes.selected, "record")} selected: at least ${least} are needed to tell a difference from chance.`
                    : sizes.others < least
                      ? "Nearly everything is selected, so there is nothing to compare it with. Narrow the selection or widen the range."
                      : "Nothing differs beyond what chance explains."}
            </p>
            {sizes.selected >= least && sizes.others >= least && <p className="muted">Values are compared that occur at least {least} times; ids are left out.</p>}
        </div>
    );
}

function Answer({ differences, onFilter }: { differences: readonly Difference[]; onFilter(condition: string): void }) {
    return (
        <>
            <table className="differs-table">
                <thead>
                    <tr>
                        <th>Value</th>
                        <th className="num">Selected</th>
                        <th>
                            <span className="unseen">Shares as bars</span>
                        </th>
                        <th className="num">Others</th>
                        <th className="num" title="How many times as frequent in the selection">
                            Lift
                        </th>
                    </tr>
                </thead>
                <tbody>
                    {differences.slice(0, most).map((d) => (
                        <tr key={`${d.source} ${d.key} ${d.value}`} data-difference={`${d.key}=${d.value}`}>
                            <td>
                                <button type="button" className="differs-value" onClick={() => onFilter(conditionOf(d))} title={`Filter by ${conditionOf(d)}`}>
                                    <span>{d.key}</span> <b>{d.value}</b>
                                </button>
                            </td>
                            <td className="num" title={`${count(d.selected)} records; chance ${d.chance < 1e-12 ? "below 10⁻¹²" : d.chance.toExponential(1)}`}>
                                {percent(d.selectedShare, 0)}
                            </td>
                            <td className="differs-bars" aria-hidden="true">
                                <i style={{ width: `${d.selectedShare * 100}%` }} />
                                <u style={{ width: `${d.othersShare * 100}%` }} />
                            </td>
                            <td className="num" title={`${count(d.others)} records`}>
                                {d.others === 0 ? "0%" : d.othersShare < 0.005 ? "<1%" : percent(d.othersShare, 0)}
                            </td>
                            <td className="num">{d.others === 0 ? "only here" : `${d.lift < 10 ? d.lift.toFixed(1) : compact(d.lift)}×`}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
            {differences.length > most && <p className="muted small">and {count(differences.length - most)} more with less lift</p>}
        </>
    );
}

function conditionOf(d: Difference): string {
    if (d.source === "tag") return `array_contains(tags, ${literal(d.value)})`;
    if (d.source === "column") return d.key === "level" || d.key === "http_response_status_code" ? `${d.key} = ${d.value}` : `${d.key} = ${literal(d.value)}`;
    return `${d.source === "resource" ? attribute(d.key).replace("attributes", "otel_resource_attributes") : attribute(d.key)} = ${literal(d.value)}`;
}
