import { useEffect, useState } from "react";
import { Durations, fetchHealth, Health as Report, SignalCounts } from "../../../api/health";
import { APIError, asAPIError, isAbort } from "../../../api/client";
import { CopyButton } from "../../../components/basic";
import { Notice } from "../../../components/form";
import { Meter } from "../../../components/Meter";
import { Sparkline } from "../../../components/Sparkline";
import { ErrorBox, Loading } from "../../../components/states";
import { bytes, compact, count, duration, percent, plural, unknown } from "../../../lib/format";
import { Panel } from "../Panel";
import { Figure } from "./Figure";
import { added, rate, rates, Sample, workTitle } from "./history";

/** Milliseconds between two reports while the page is visible. */
const pace = 2000;

export function Health() {
    const [samples, setSamples] = useState<readonly Sample[]>([]);
    const [error, setError] = useState<APIError | null>(null);
    const [turn, setTurn] = useState(0);
    useEffect(() => {
        const controller = new AbortController();
        let timer: ReturnType<typeof setTimeout> | undefined;
        const again = () => {
            if (!controller.signal.aborted) timer = setTimeout(() => void poll(), pace);
        };
        const poll = async () => {
            if (document.hidden) return again();
            try {
                const health = await fetchHealth(controller.signal);
                setSamples((s) => added(s, { at: Date.now(), health }));
                setError(null);
            } catch (failure) {
                if (isAbort(failure)) return;
                const told = asAPIError(failure);
                setError(told);
                // Who may not see it may not see it in two seconds either.
                if (told.status === 401 || told.status === 403) return;
            }
            again();
        };
        void poll();
        return () => {
            controller.abort();
            clearTimeout(timer);
        };
    }, [turn]);
    const health = samples[samples.length - 1]?.health;
    if (!health) return error ? <ErrorBox error={error} onRetry={() => setTurn((t) => t + 1)} /> : <Loading what="the server's state" />;
    return (
        <>
            <State health={health} isLost={error !== null} />
            <Receiving health={health} samples={samples} />
            <Storage health={health} samples={samples} />
            <Background health={health} />
            <Queries health={health} samples={samples} />
            <Process health={health} samples={samples} />
            <Monitoring />
        </>
    );
}

function State({ health, isLost }: { health: Report; isLost: boolean }) {
    return (
        <Panel title="State" lead={`Hearth ${health.version}, running for ${duration(Math.round(health.process.uptime_seconds))}. These figures are of the whole server, since it was started; they are updated while this page is open.`}>
            {isLost && <Notice tone="bad">The server does not answer at the moment. The figures below are the last ones it gave.</Notice>}
            {health.warnings.map((warning) => (
                <Notice key={warning.code} tone="warn">
                    <b>{warning.message}</b> {warning.remedy}
                </Notice>
            ))}
            {!isLost && health.warnings.length === 0 && <Notice tone="good">No warning: what is received is stored, and nothing was refused.</Notice>}
        </Panel>
    );
}

function Receiving({ health, samples }: { health: Report; samples: readonly Sample[] }) {
    const { ingest } = health;
    const signals: { name: string; of(h: Report): SignalCounts }[] = [
        { name: "Spans", of: (h) => h.ingest.spans },
        { name: "Logs", of: (h) => h.ingest.logs },
        { name: "Metric points", of: (h) => h.ingest.metric_points },
    ];
    return (
        <Panel title="Receiving" lead="OTLP over HTTP and gRPC. A request is answered when its rows are on disk and every query sees them.">
            <div className="table-wrap">
                <table className="listing">
                    <thead>
                        <tr>
                            <th>Signal</th>
                            <th className="num">Per second</th>
                            <th className="num" title="Rows that are new in the store">
                                Stored
                            </th>
                            <th className="num" title="Rows that had been stored before: a client sent them again">
                                Repeats dropped
                            </th>
                            <th className="num" title="Records that were left out of a request, and were told to the sender">
                                Rejected
                            </th>
                        </tr>
                    </thead>
                    <tbody>
                        {signals.map((signal) => {
                            const now = rate(samples, (h) => signal.of(h).stored);
                            const c = signal.of(health);
                            return (
                                <tr key={signal.name}>
                                    <td>{signal.name}</td>
                                    <td className="num health-rate">
                                        <Sparkline values={rates(samples, (h) => signal.of(h).stored)} tone="violet" label={`${signal.name} per second over the last two minutes`} />
                                        <span>{now === null ? unknown : compact(now)}</span>
                                    </td>
                                    <td className="num">{count(c.stored)}</td>
                                    <td className="num">{count(c.repeats_dropped)}</td>
                                    <td className="num">{count(c.rejected)}</td>
                                </tr>
                            );
                        })}
                    </tbody>
                </table>
            </div>
            <div className="figures">
                <Figure label="Last stored" value={ingest.last_stored_seconds_ago === null ? unknown : `${duration(Math.round(ingest.last_stored_seconds_ago))} ago`} note="Since the newest request that was stored." />
                <Figure label="Bodies in flight" value={bytes(ingest.in_flight_bytes)} note={`Request bodies in memory. Beyond ${bytes(ingest.in_flight_limit_bytes)} senders get 503 and keep their data.`} />
                <Figure label="Waiting for a commit" value={plural(health.storage.queue_requests, "request")} note={`${bytes(health.storage.queue_bytes)} decoded and not yet on disk.`} />
                <Figure label="Refused" value={count(ingest.in_flight_refusals + ingest.queue_refusals)} tone={ingest.in_flight_refusals + ingest.queue_refusals > 0 ? "warn" : undefined} note="Requests answered with 503 because too much came at once." />
            </div>
        </Panel>
    );
}

function Storage({ health, samples }: { health: Report; samples: readonly Sample[] }) {
    const { storage } = health;
    const commits = rate(samples, (h) => h.storage.commits);
    const rows = storage.records + storage.metric_points;
    return (
        <Panel title="Storage">
            {storage.disk_budget_bytes !== null ? (
                <Meter done={storage.disk_bytes} total={storage.disk_budget_bytes} label="Disk budget used" note={`${bytes(storage.disk_bytes)} of the ${bytes(storage.disk_budget_bytes)} that telemetry may take. The oldest days are removed first.`} />
            ) : null}
            <div className="figures">
                <Figure label="Telemetry" value={bytes(storage.disk_bytes)} note={rows > 0 ? `${bytes(storage.disk_bytes / rows)} a row on average.` : "Nothing is stored yet."} />
                <Figure label="Records" value={count(storage.records)} note="Spans and logs of all projects." />
                <Figure label="Metric points" value={count(storage.metric_points)} note="Data points of all projects." />
                <Figure label="Free on disk" value={bytes(storage.disk_free_bytes)} note={storage.disk_size_bytes === null ? "The system does not say." : `Of ${bytes(storage.disk_size_bytes)}, where the data folder is.`} />
                <Figure label="Commits" value={commits === null ? unknown : `${compact(commits)}/s`} note={`${count(storage.commits)} since the start; one can hold many requests.`} />
                <DurationFigure label="Time to durable" of={storage.commit_duration} note="From a decoded request to the end of its commit." />
                <Figure label="Engine reopened" value={count(storage.reopens)} tone={storage.reopens > 0 ? "warn" : undefined} note="After a failure of the engine; nothing acknowledged is lost." />
            </div>
        </Panel>
    );
}

function Background({ health }: { health: Report }) {
    const { work } = health.background;
    return (
        <Panel title="Background work" lead="What goes on behind the answered requests. It has low priority and is done again after a crash.">
            {work.length === 0 && <p className="empty-line">Nothing is left to do: the store is settled.</p>}
            {work.map((piece, i) => (
                <div key={`${piece.kind}${i}`} className="work">
                    <b>{workTitle(piece.kind)}</b>
                    <Meter done={piece.done} total={piece.total} label={workTitle(piece.kind)} note={[piece.detail, piece.total === null ? null : `${count(piece.done)} of ${count(piece.total)} ${piece.unit}`].filter(Boolean).join(" · ")} />
                </div>
            ))}
        </Panel>
    );
}

function Queries({ health, samples }: { health: Report; samples: readonly Sample[] }) {
    const { queries } = health;
    const now = rate(samples, (h) => h.queries.answered);
    return (
        <Panel title="Queries" lead="SQL of people, dashboards and programs, and of the pages of this site. Live has threads of its own and is not counted here.">
            <div className="figures">
                <Figure label="Running" value={count(queries.running)} note={`${plural(queries.waiting, "query", "queries")} waiting for a thread.`} />
                <Figure label="Answered" value={count(queries.answered)} note={now === null ? "Since the start." : `${compact(now)} a second at the moment.`} />
                <DurationFigure label="Time of a query" of={queries.duration} note="From its arrival to its last row." />
                <Figure label="Failed" value={count(queries.failed)} note="Wrong SQL, or more than a query may use." />
                <Figure label="Timed out" value={count(queries.timed_out)} note="Ran into the deadline." />
                <Figure label="Refused" value={count(queries.refused)} tone={queries.refused > 0 ? "warn" : undefined} note="Answered with 429: too many at once." />
                <Figure label="Live views" value={count(health.live.subscribers)} note="Pages and terminals that follow new records." />
            </div>
        </Panel>
    );
}

function Process({ health, samples }: { health: Report; samples: readonly Sample[] }) {
    const { process } = health;
    const cpu = rate(samples, (h) => h.process.cpu_seconds);
    return (
        <Panel title="Process">
            <div className="figures">
                <Figure label="Memory" value={bytes(process.resident_bytes)} note="Resident, the storage engine's buffers included." />
                <Figure label="CPU" value={cpu === null ? unknown : percent(cpu)} note={`Of one core at the moment; ${duration(process.cpu_seconds)} since the start.`} />
                <Figure label="Open files" value={count(process.open_files)} note="Files and connections." />
            </div>
        </Panel>
    );
}

function Monitoring() {
    const text = `scrape_configs:
  - job_name: hearth
    static_configs:
      - targets: ["${window.location.host}"]
    # Off loopback, an API key with the role owner:
    # authorization: { credentials_file: /etc/prometheus/hearth-key }`;
    return (
        <Panel title="Watch it from elsewhere" lead="/metrics has all of this in the format of Prometheus and OpenMetrics; /healthz answers 200 when the server takes requests." tools={<CopyButton text={text} label="Copy the configuration" />}>
            <pre className="health-snippet">{text}</pre>
        </Panel>
    );
}

function DurationFigure({ label, of, note }: { label: string; of: Durations; note: string }) {
    return <Figure label={label} value={duration(of.p50)} note={of.count === 0 ? note : `Median. 95 of 100 take at most ${duration(of.p95)}, 99 at most ${duration(of.p99)}. ${note}`} />;
}
