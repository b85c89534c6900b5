import { Component, ReactNode, useEffect, useMemo, useState } from "react";
import { fetchConfig, onSignInNeeded, setRequestProject } from "../api/client";
import { ErrorBox, Loading } from "../components/states";
import { useAsync } from "../lib/useAsync";
import { Doors } from "../pages/doors/Doors";
import { NoProject } from "../pages/doors/NoProject";
import { App, AppContext } from "./context";
import { Pages } from "./Pages";
import { navigate, pagePath, parseLocation, useHref, withParams } from "./router";
import { useTheme } from "./theme";
import { useZone } from "../lib/zone";

/** Seconds between looks at the size of the store for the sidebar foot. */
const configInterval = 10;

export function Root() {
    const href = useHref();
    const [theme, setTheme] = useTheme();
    const zone = useZone();
    const [overlay, setOverlay] = useState<"palette" | "help" | null>(null);
    const location = useMemo(() => parseLocation(href.split("?")[0]!, href.split("?")[1] ?? ""), [href]);
    const { door } = location;
    const named = location.organization !== null && location.project !== null ? `${location.organization}/${location.project}` : null;
    // Set while drawing, so that the first calls of the pages below mean this project already.
    setRequestProject(door ? null : named);
    // The project that `/` stands for, once known: its answer need not be asked for twice.
    const [home, setHome] = useState<string | null>(null);
    const config = useAsync(door ? null : `config:${named === home ? "" : named ?? ""}`, fetchConfig);

    const { reload } = config;
    useEffect(() => {
        if (door) return undefined;
        const timer = setInterval(() => {
            if (!document.hidden) reload();
        }, configInterval * 1000);
        return () => clearInterval(timer);
    }, [reload, door]);

    useEffect(() => onSignInNeeded(() => askToSignIn()), []);

    const known = config.data;
    useEffect(() => {
        if (!known || named !== null) return;
        setHome(`${known.organization}/${known.project}`);
        navigate(withParams(pagePath(known.organization, known.project, { name: "live" }), location.params), { replace: true });
    }, [known, named, location]);

    const app = useMemo<App | null>(() => {
        if (!known) return null;
        const organization = location.organization ?? known.organization;
        const project = location.project ?? known.project;
        return {
            config: known,
            organization,
            project,
            projectId: known.projects.find((p) => p.organization_name === organization && p.project_name === project)?.id ?? null,
            canManage: known.role !== "viewer",
            isOwner: known.role === "owner",
            reloadConfig: reload,
            page: location.page,
            params: location.params,
            theme,
            setTheme,
            path: (page) => pagePath(organization, project, page),
            openPalette: () => setOverlay("palette"),
            openHelp: () => setOverlay("help"),
        };
    }, [known, location, theme, setTheme, reload]);

    if (door) {
        return (
            <Fence key={href}>
                <Doors door={door} params={location.params} theme={theme} setTheme={setTheme} />
            </Fence>
        );
    }
    if (!app) {
        if (config.error?.status === 404 && named !== null) return <NoProject path={named} />;
        const isLeaving = config.error?.status === 401;
        return <div className="boot">{config.error && !isLeaving ? <ErrorBox error={config.error} onRetry={config.reload} /> : <Loading what="Hearth" />}</div>;
    }
    return (
        <AppContext.Provider value={app}>
            <Fence key={`${app.organization}/${app.project}:${location.page.name}:${zone}`}>
                <Pages overlay={overlay} setOverlay={setOverlay} />
            </Fence>
        </AppContext.Provider>
    );
}

/** To the login page, and back to this address afterwards. */
function askToSignIn(): void {
    const here = window.location.pathname + window.location.search;
    if (parseLocation(window.location.pathname, "").door?.name === "login") return;
    navigate(here === "/" ? "/login" : `/login?${new URLSearchParams({ next: here })}`, { replace: true });
}

/** A fault in one page must not blank the window. */
class Fence extends Component<{ children: ReactNode }, { message: string | null }> {
    override state: { message: string | null } = { message: null };

    static getDerivedStateFromError(error: unknown) {
        return { message: error instanceof Error ? error.message : String(error) };
    }

    override render() {
        if (this.state.message === null) return this.props.children;
        return (
            <div className="boot">
                <div className="state-error" role="alert">
                    <div>
                        <strong>This page failed: {this.state.message}</strong>
                        <p>Reload to try again; the data on the server is not affected.</p>
                        <button type="button" className="button" onClick={() => window.location.reload()}>
                            Reload
                        </button>
                    </div>
                </div>
            </div>
        );
    }
}
