import { useApp } from "../../app/context";
import { setParams } from "../../app/router";
import { TopBar } from "../../app/TopBar";
import { Link } from "../../components/basic";
import { SendGuides } from "./SendGuides";

export function AddDataPage() {
    const { organization, project, params, path } = useApp();
    return (
        <>
            <TopBar
                hasEnvironment={false}
                search={
                    <div className="crumbs">
                        {organization} / {project}
                        <span aria-hidden="true">›</span>
                        <strong>Add data</strong>
                    </div>
                }
            />
            <div className="page add-data" tabIndex={-1}>
                <header className="page-head">
                    <h1>Add data</h1>
                    <p className="muted">
                        Traces, logs and metrics over OTLP, from any OpenTelemetry client. What arrives shows in <Link href={path({ name: "live" })}>Live</Link> at once.
                    </p>
                </header>
                <SendGuides initial={params.get("client") ?? undefined} onChoose={(client) => setParams({ client: client === "python" ? null : client }, { replace: true })} />
            </div>
        </>
    );
}
