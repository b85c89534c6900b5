import { useApp } from "../../app/context";
import { keepWindow, navigate, withParams } from "../../app/router";
import { TopBar } from "../../app/TopBar";
import { Link } from "../../components/basic";
import { useAsync } from "../../lib/useAsync";
import { fetchNeighbours, fetchRun } from "./queries";
import { RunView } from "./RunView";

/** A run on a page of its own: previous and next are the agent's runs after and before it. */
export function RunPage({ traceId, spanId }: { traceId: string; spanId: string }) {
    const { path, params } = useApp();
    const kept = keepWindow(params);
    const beside = useAsync(`beside:${traceId}:${spanId}`, async (signal) => {
        const run = await fetchRun(traceId, spanId, signal);
        return { run, neighbours: run ? await fetchNeighbours(run, signal) : { previous: null, next: null } };
    });
    const neighbours = beside.data?.neighbours;
    const agent = beside.data?.run?.agent_name ?? null;
    const go = (to: { trace_id: string; span_id: string } | null | undefined) =>
        to
            ? () => {
                  const view = params.get("view");
                  if (view) kept.set("view", view);
                  navigate(withParams(path({ name: "run", traceId: to.trace_id, spanId: to.span_id }), kept));
              }
            : null;
    return (
        <>
            <TopBar
                hasEnvironment={false}
                search={
                    <nav className="crumbs" aria-label="Where you are">
                        <Link href={withParams(path({ name: "agents" }), kept)}>Agents</Link>
                        {agent !== null && (
                            <>
                                <span aria-hidden="true">/</span>
                                <Link href={withParams(path({ name: "agent", agent, provider: null, model: null }), runsTab(kept))}>{agent}</Link>
                            </>
                        )}
                        <span aria-hidden="true">/</span>
                        <strong>
                            run <code>{spanId.slice(0, 8)}</code>
                        </strong>
                    </nav>
                }
            >
                <Link className="pill" href={`${path({ name: "trace", traceId })}?span=${spanId}`}>
                    Trace
                </Link>
            </TopBar>
            <RunView traceId={traceId} spanId={spanId} onPrevious={go(neighbours?.previous)} onNext={go(neighbours?.next)} />
        </>
    );
}

function runsTab(kept: URLSearchParams): URLSearchParams {
    const params = new URLSearchParams(kept);
    params.set("tab", "runs");
    return params;
}
