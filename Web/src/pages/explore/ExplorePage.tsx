import { FormEvent, useState } from "react";
import { query } from "../../api/client";
import { useApp } from "../../app/context";
import { RangePicker } from "../../app/RangePicker";
import { setParams } from "../../app/router";
import { TopBar } from "../../app/TopBar";
import { ErrorBox, Progress } from "../../components/states";
import { exploreRange } from "../../lib/explore";
import { bounds, readRange, writeRange } from "../../lib/range";
import { isoTime } from "../../lib/time";
import { useAsync } from "../../lib/useAsync";

export default function ExplorePage() {
    const { params } = useApp();
    const sql = params.get("sql") ?? "";
    const range = readRange(params, exploreRange);
    const [typed, setTyped] = useState(sql);
    const answer = useAsync(sql === "" ? null : `${sql.replace(/\n/g, " ")}${JSON.stringify(range)}`, (signal) => {
        const ends = bounds(range, Date.now());
        return query<Record<string, unknown>>(sql, { from: isoTime(ends.from), to: range.kind === "custom" ? isoTime(ends.to) : undefined, limit: 200, signal });
    });
    const submit = (event: FormEvent) => {
        event.preventDefault();
        setParams({ sql: typed });
    };
    const names = Object.keys(answer.data?.[0] ?? {});
    return (
        <>
            <TopBar
                search={<strong>Explore</strong>}
                range={
                    <RangePicker
                        range={range}
                        onChange={(next) => {
                            const changed = new URLSearchParams(params);
                            writeRange(changed, next, exploreRange);
                            setParams({ range: changed.get("range"), from: changed.get("from"), to: changed.get("to") });
                        }}
                    />
                }
            />
            <Progress active={answer.isLoading} />
            <div className="page">
                <form onSubmit={submit}>
                    <textarea aria-label="SQL" className="mono" rows={8} style={{ width: "100%" }} value={typed} onChange={(event) => setTyped(event.target.value)} />
                    <button type="submit" className="button">
                        Run
                    </button>
                </form>
                {answer.error && <ErrorBox error={answer.error} onRetry={answer.reload} />}
                {answer.data && (
                    <div className="table-wrap">
                        <table className="plain">
                            <thead>
                                <tr>
                                    {names.map((name) => (
                                        <th key={name}>{name}</th>
                                    ))}
                                </tr>
                            </thead>
                            <tbody>
                                {answer.data.map((row, i) => (
                                    <tr key={i}>
                                        {names.map((name) => (
                                            <td key={name}>{row[name] === null ? "—" : String(row[name])}</td>
                                        ))}
                                    </tr>
                                ))}
                            </tbody>
                        </table>
                    </div>
                )}
            </div>
        </>
    );
}
