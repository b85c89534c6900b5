import { useRef, useState } from "react";
import { APIError, asAPIError, isAbort } from "../../api/client";
import { isApple } from "../../app/Sidebar";
import { CopyButton, copyText, Kbd } from "../../components/basic";
import { Icon } from "../../components/Icon";
import { MenuItem, Popover } from "../../components/Popover";
import { FailedAction } from "../../components/states";
import { bytes, count } from "../../lib/format";
import { asCurl, asPython, ExportForm, exportForms, fileName, Site } from "./exports";
import { ask, Asked } from "./run";

export interface ToolbarProps {
    isRunning: boolean;
    canRun: boolean;
    limit: number;
    limits: readonly number[];
    site: Site;
    /** The statement with its window, as it would run now; null while nothing is written. */
    asked(): Asked | null;
    link(): string;
    onRun(): void;
    onCancel(): void;
    onFormat(): void;
    onExplain(): void;
    onLimit(limit: number): void;
}

export function Toolbar({ isRunning, canRun, limit, limits, site, asked, link, onRun, onCancel, onFormat, onExplain, onLimit }: ToolbarProps) {
    return (
        <div className="query-bar" role="toolbar" aria-label="Query">
            {isRunning ? (
                <button type="button" className="button is-stop" onClick={onCancel} title="End the query here and on the server">
                    <Icon name="close" size={11} />
                    Cancel
                    <Kbd>Esc</Kbd>
                </button>
            ) : (
                <button type="button" className="button is-run" onClick={onRun} disabled={!canRun} title="Run the statement under the cursor, or what is selected">
                    <Icon name="play" size={11} />
                    Run
                    <Kbd>{isApple() ? "⌘" : "Ctrl "}↵</Kbd>
                </button>
            )}
            <button type="button" className="button" onClick={onFormat} disabled={!canRun} title="Lay the text out (Shift+Alt+F)">
                Format
            </button>
            <button type="button" className="button" onClick={onExplain} disabled={!canRun || isRunning} title="How the server answers it: the plan, and what each step did">
                Explain
            </button>
            <label className="limit">
                <span className="muted">Rows</span>
                <select value={limit} onChange={(event) => onLimit(Number(event.target.value))} title="The most rows to ask for">
                    {limits.map((n) => (
                        <option key={n} value={n}>
                            {count(n)}
                        </option>
                    ))}
                </select>
            </label>
            <span className="fill" />
            <span className="copy-link">
                <CopyButton text={link} label="Copy a link to this query" icon="link" />
            </span>
            <CopyAs asked={asked} site={site} />
            <Export asked={asked} />
        </div>
    );
}

function CopyAs({ asked, site }: { asked(): Asked | null; site: Site }) {
    const [done, setDone] = useState<string | null>(null);
    const copy = (what: string, text: string, close: () => void) => {
        void copyText(text).then((ok) => {
            setDone(ok ? what : null);
            setTimeout(() => setDone(null), 1500);
        });
        close();
    };
    return (
        <Popover
            align="right"
            className="button"
            title="Copy the query for another program"
            label={
                <>
                    <Icon name={done === null ? "copy" : "check"} size={12} />
                    <span role="status">{done === null ? "Copy as" : `Copied ${done}`}</span>
                </>
            }
        >
            {(close) => {
                const now = asked();
                if (!now) return <p className="menu-note">Write a statement first.</p>;
                return (
                    <div role="menu" aria-label="Copy as">
                        <MenuItem hint="shell" onSelect={() => copy("curl", asCurl(now, site), close)}>
                            curl
                        </MenuItem>
                        <MenuItem hint="script" onSelect={() => copy("Python", asPython(now, site), close)}>
                            Python
                        </MenuItem>
                        {!site.isLoopback && <p className="menu-note">Needs a read token in HEARTH_READ_TOKEN: Settings → Tokens.</p>}
                    </div>
                );
            }}
        </Popover>
    );
}

function Export({ asked }: { asked(): Asked | null }) {
    const [state, setState] = useState<{ form: ExportForm; received: number } | null>(null);
    const [error, setError] = useState<APIError | null>(null);
    const controller = useRef<AbortController | null>(null);
    const download = async (form: ExportForm) => {
        const now = asked();
        if (!now) return;
        const current = new AbortController();
        controller.current = current;
        setError(null);
        setState({ form, received: 0 });
        try {
            const response = await ask(now, form.mediaType, current.signal);
            const reader = response.body!.getReader();
            const parts: Uint8Array[] = [];
            let received = 0;
            for (;;) {
                const { done, value } = await reader.read();
                if (done) break;
                parts.push(value);
                received += value.length;
                setState({ form, received });
            }
            const url = URL.createObjectURL(new Blob(parts, { type: form.mediaType }));
            const link = document.createElement("a");
            link.href = url;
            link.download = fileName(form, new Date());
            link.click();
            setTimeout(() => URL.revokeObjectURL(url), 10_000);
        } catch (reason) {
            if (!isAbort(reason)) setError(asAPIError(reason));
        } finally {
            setState(null);
        }
    };
    if (state) {
        return (
            <button type="button" className="button" onClick={() => controller.current?.abort()} title="End the export">
                <Icon name="close" size={11} />
                <span role="status">
                    {state.form.name}: {bytes(state.received)}
                </span>
            </button>
        );
    }
    return (
        <>
            <FailedAction error={error} />
            <Popover
                align="right"
                className="button"
                title="Run the query into a file"
                label={
                    <>
                        <Icon name="download" size={12} />
                        Export
                    </>
                }
            >
                {(close) => (
                    <div role="menu" aria-label="Export">
                        {exportForms.map((form) => (
                            <MenuItem
                                key={form.extension}
                                hint={`.${form.extension}`}
                                onSelect={() => {
                                    close();
                                    void download(form);
                                }}
                            >
                                {form.name}
                            </MenuItem>
                        ))}
                        <p className="menu-note">As many rows as the row limit allows.</p>
                    </div>
                )}
            </Popover>
        </>
    );
}
