import { ChangeEvent, useRef } from "react";
import { activateVersion, addVersion, fetchVersions } from "../../../api/prices";
import { APIError } from "../../../api/client";
import { useApp } from "../../../app/context";
import { Ago } from "../../../components/basic";
import { Button } from "../../../components/form";
import { ErrorBox, FailedAction, Loading } from "../../../components/states";
import { count } from "../../../lib/format";
import { useAction } from "../../../lib/useAction";
import { useAsync } from "../../../lib/useAsync";
import { Panel } from "../Panel";

/** The price lists that the server holds; one is in force for all its projects. */
export function Versions({ onChange }: { onChange(): void }) {
    const { canManage } = useApp();
    const versions = useAsync("price-versions", fetchVersions);
    const input = useRef<HTMLInputElement>(null);
    const changed = () => {
        versions.reload();
        onChange();
    };
    const activate = useAction(async (name: string) => {
        await activateVersion(name);
        changed();
    });
    const load = useAction(async (file: File) => {
        let data: unknown;
        try {
            data = JSON.parse(await file.text());
        } catch (error) {
            throw new APIError(422, `${file.name} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
        }
        await addVersion(file.name.replace(/\.json$/i, ""), data);
        changed();
    });
    const choose = (event: ChangeEvent<HTMLInputElement>) => {
        const file = event.target.files?.[0];
        event.target.value = "";
        if (file) void load.run(file);
    };
    return (
        <Panel
            title="Price list"
            lead="The list of the open project genai-prices, for all projects of this server. Each computed cost keeps the version it was computed with."
            tools={
                canManage && (
                    <>
                        <input ref={input} type="file" accept=".json,application/json" className="unseen" tabIndex={-1} aria-label="File with prices" onChange={choose} />
                        <Button isBusy={load.isBusy} onClick={() => input.current?.click()}>
                            {load.isBusy ? "Loading…" : "Load a file…"}
                        </Button>
                    </>
                )
            }
        >
            <FailedAction error={load.error ?? activate.error} />
            {versions.error && !versions.data ? (
                <ErrorBox error={versions.error} onRetry={versions.reload} />
            ) : !versions.data ? (
                <Loading what="the versions" />
            ) : (
                <div className="table-wrap">
                    <table className="listing">
                        <thead>
                            <tr>
                                <th>Version</th>
                                <th className="num">Providers</th>
                                <th className="num">Models</th>
                                <th>Installed</th>
                                <th>
                                    <span className="unseen">Actions</span>
                                </th>
                            </tr>
                        </thead>
                        <tbody>
                            {versions.data.versions.map((v) => (
                                <tr key={v.name}>
                                    <td className="cell-wide">
                                        {v.name}
                                        {v.is_active && <span className="badge badge-green">in force</span>}
                                        <small title={v.sha256}>{v.is_bundled ? "comes with the server" : `SHA-256 ${v.sha256.slice(0, 12)}…`}</small>
                                    </td>
                                    <td className="num">{count(v.providers)}</td>
                                    <td className="num">{count(v.models)}</td>
                                    <td>{v.installed_at ? <Ago time={v.installed_at} /> : <span className="muted">with the server</span>}</td>
                                    <td className="cell-tools">
                                        {!v.is_active && canManage && (
                                            <Button isBusy={activate.isBusy} onClick={() => void activate.run(v.name)}>
                                                Use this one
                                            </Button>
                                        )}
                                    </td>
                                </tr>
                            ))}
                        </tbody>
                    </table>
                </div>
            )}
        </Panel>
    );
}
