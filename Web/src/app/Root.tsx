import { Component, ReactNode, useEffect, useMemo, useState } from "react";
import { fetchConfig } from "../api/client";
import { ErrorBox, Loading } from "../components/states";
import { useAsync } from "../lib/useAsync";
import { App, AppContext } from "./context";
import { Pages } from "./Pages";
import { navigate, pagePath, parseLocation, useHref, withParams } from "./router";
import { useTheme } from "./theme";

/** Seconds between looks at the size of the store for the sidebar foot. */
const configInterval = 10;

export function Root() {
    const href = useHref();
    const [theme, setTheme] = useTheme();
    const config = useAsync("config", fetchConfig);
    const [overlay, setOverlay] = useState<"palette" | "help" | null>(null);

    const { reload } = config;
    useEffect(() => {
        const timer = setInterval(() => {
            if (!document.hidden) reload();
        }, configInterval * 1000);
        return () => clearInterval(timer);
    }, [reload]);

    const location = useMemo(() => parseLocation(href.split("?")[0]!, href.split("?")[1] ?? ""), [href]);
    const known = config.data;
    const isBare = location.organization === null || location.project === null;
    useEffect(() => {
        if (known && isBare) navigate(withParams(pagePath(known.organization, known.project, { name: "live" }), location.params), { replace: true });
    }, [known, isBare, location]);

    const app = useMemo<App | null>(() => {
        if (!known) return null;
        const organization = location.organization ?? known.organization;
        const project = location.project ?? known.project;
        return {
            config: known,
            organization,
            project,
            page: location.page,
            params: location.params,
            theme,
            setTheme,
            path: (page) => pagePath(organization, project, page),
            openPalette: () => setOverlay("palette"),
            openHelp: () => setOverlay("help"),
        };
    }, [known, location, theme, setTheme]);

    if (!app) {
        return <div className="boot">{config.error ? <ErrorBox error={config.error} onRetry={config.reload} /> : <Loading what="Hearth" />}</div>;
    }
    return (
        <AppContext.Provider value={app}>
            <Fence key={location.page.name}>
                <Pages overlay={overlay} setOverlay={setOverlay} />
            </Fence>
        </AppContext.Provider>
    );
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
