import { useMemo, useState } from "react";
import { query } from "../../../api/client";
import { useApp } from "../../../app/context";
import { Chip, Link } from "../../../components/basic";
import { Notice, SelectField, TextField } from "../../../components/form";
import { Icon } from "../../../components/Icon";
import { OpenInExplore } from "../../../components/OpenInExplore";
import { Empty, ErrorBox, Loading, Snippet } from "../../../components/states";
import { count, percent, plural } from "../../../lib/format";
import { preset, presets } from "../../../lib/range";
import { literal } from "../../../lib/sql";
import { isoTime } from "../../../lib/time";
import { useAsync } from "../../../lib/useAsync";
import { CheckRow, checkSQL, examplesSQL, Finding, parentsSQL, readChecks, Source } from "./checks";

const most = 1000;
/** Scopes drawn before the rest is asked for. */
const atFirst = 40;

/** What each service and scope leaves out. */
export function Instrumentation() {
    const { path } = useApp();
    const [range, setRange] = useState("1d");
    const [text, setText] = useState("");
    const [isWhole, setWhole] = useState(false);
    const answer = useAsync(`instrumentation:${range}`, async (signal) => {
        const seconds = presets.find((p) => p.id === range)!.seconds;
        const window = { from: isoTime(Date.now() - seconds * 1000), limit: most, signal };
        const [records, calls, parents] = await Promise.all([query<CheckRow>(checkSQL("records"), window), query<CheckRow>(checkSQL("calls"), window), query<Partial<CheckRow>>(parentsSQL, window)]);
        return readChecks(records, calls, parents);
    });
    const needle = text.trim().toLowerCase();
    const sources = useMemo(
        () => (answer.data ?? []).filter((s) => needle === "" || [s.service, s.scope, ...s.findings.map((f) => f.check.title)].some((t) => t?.toLowerCase().includes(needle))),
        [answer.data, needle],
    );
    if (answer.error) return <ErrorBox error={answer.error} onRetry={answer.reload} />;
    if (!answer.data) return <Loading what="what your programs send" />;
    const found = sources.filter((s) => s.findings.length > 0);
    const clean = sources.filter((s) => s.findings.length === 0);
    return (
        <>
            <div className="check-head">
                <SelectField label="Looked at" value={range} onChange={(event) => setRange(event.target.value)}>
                    {presets
                        .filter((p) => p.seconds >= 3600)
                        .map((p) => (
                            <option key={p.id} value={p.id}>
                                {p.label}
                            </option>
                        ))}
                </SelectField>
                <TextField label="Find" placeholder="Service, scope or what is missing" value={text} onChange={(event) => setText(event.target.value)} />
            </div>
            {answer.data.length === 0 ? (
                <Empty title="Nothing was received in this time">
                    <p className="muted">Choose a longer time, or send something first.</p>
                    <Link className="button" href={path({ name: "add" })}>
                        How to send
                    </Link>
                </Empty>
            ) : (
                <>
                    <Notice tone={found.length === 0 ? "good" : "info"}>
                        {found.length === 0
                            ? `${plural(clean.length, "scope")} looked at: nothing is missing.`
                            : `${plural(found.length, "scope")} of ${count(sources.length)} leave something out. What is marked amber makes figures wrong or empty; the rest would make records more useful.`}
                    </Notice>
                    {found.slice(0, isWhole ? undefined : atFirst).map((source) => (
                        <SourceCard key={`${source.service}/${source.scope}`} source={source} range={range} />
                    ))}
                    {!isWhole && found.length > atFirst && (
                        <button type="button" className="button" onClick={() => setWhole(true)}>
                            Show {count(found.length - atFirst)} more
                        </button>
                    )}
                    {clean.length > 0 && (
                        <section className="check-clean">
                            <h2>Nothing missing</h2>
                            <p>
                                {clean.slice(0, 40).map((s) => (
                                    <span key={`${s.service}/${s.scope}`}>
                                        {s.service ? <Chip name={s.service} /> : "—"} <span className="muted">{s.scope ?? "no scope"}</span>
                                    </span>
                                ))}
                                {clean.length > 40 && <span className="muted">and {count(clean.length - 40)} more</span>}
                            </p>
                        </section>
                    )}
                    <p className="muted small">
                        Attributes of your own that say the same under several names are listed under <Link href={path({ name: "settings", section: "mapping" })}>Mapping rules</Link>.
                    </p>
                </>
            )}
        </>
    );
}

function SourceCard({ source, range }: { source: Source; range: string }) {
    return (
        <section className="check-source" data-source={source.service ?? ""} aria-label={`${source.service ?? "no service"}, ${source.scope ?? "no scope"}`}>
            <header>
                {source.service ? <Chip name={source.service} /> : <span className="muted">no service</span>}
                <code>{source.scope ?? "no scope"}</code>
                <span className="muted small">
                    {plural(source.records, "record")}
                    {source.calls > 0 && `, ${plural(source.calls, "model call")}`}
                </span>
            </header>
            {source.findings.map((finding) => (
                <FindingRow key={finding.check.id} finding={finding} source={source} range={range} />
            ))}
        </section>
    );
}

function FindingRow({ finding, source, range }: { finding: Finding; source: Source; range: string }) {
    const { check, lack, of } = finding;
    const [isOpen, setOpen] = useState(false);
    return (
        <div className={`check-finding finding-${check.tone}`} data-check={check.id}>
            <button type="button" className="check-line" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
                <Icon name={check.tone === "warn" ? "warn" : "help"} size={13} />
                <b>{check.title}</b>
                <span className="muted">
                    {lack === of ? `all ${count(of)} ${check.noun}` : `${count(lack)} of ${count(of)} ${check.noun}, ${percent(lack / of, lack / of < 0.1 ? 1 : 0)}`}
                </span>
                <span className={`twist ${isOpen ? "is-open" : ""}`} aria-hidden="true" />
            </button>
            {isOpen && (
                <div className="check-more">
                    <p>{check.why}</p>
                    <p className="muted">{check.mend}</p>
                    {check.snippet && <Snippet label="How to mend it" code={check.snippet} />}
                    <OpenInExplore sql={examplesSQL(check, source.service, source.scope, literal)} what="these records" range={preset(range)} />
                </div>
            )}
        </div>
    );
}
