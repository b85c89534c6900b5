import { ComponentType, lazy, ReactElement, Suspense, useEffect, useLayoutEffect } from "react";
import { Empty, Loading } from "../components/states";
import { Link } from "../components/basic";
import { shortId } from "../lib/format";
import { AddDataPage } from "../pages/add/AddDataPage";
import { agentTitle } from "../pages/agents/source";
import { LivePage } from "../pages/live/LivePage";
import { sectionTitles } from "../pages/settings/sections";
import { TracePage } from "../pages/trace/TracePage";
import { CommandPalette } from "./CommandPalette";
import { useApp } from "./context";
import { HelpSheet } from "./HelpSheet";
import { useKeys } from "./keys";
import { navigate } from "./router";
import { Sidebar } from "./Sidebar";

// Loaded when they are first opened, so that Live and traces are there at once.
const LLMsPage = page(() => import("../pages/figures").then((m) => m.LLMsPage));
const LLMPage = page(() => import("../pages/figures").then((m) => m.LLMPage));
const AgentsPage = page(() => import("../pages/figures").then((m) => m.AgentsPage));
const AgentPage = page(() => import("../pages/figures").then((m) => m.AgentPage));
const RunPage = page(() => import("../pages/figures").then((m) => m.RunPage));
const ConversationsPage = page(() => import("../pages/figures").then((m) => m.ConversationsPage));
const ConversationPage = page(() => import("../pages/figures").then((m) => m.ConversationPage));
const ExplorePage = page(() => import("../pages/explore/ExplorePage").then((m) => m.default));
const SettingsPage = page(() => import("../pages/settings/SettingsPage").then((m) => m.SettingsPage));

function page<Props>(load: () => Promise<ComponentType<Props>>) {
    return lazy(() =>
        load().then(
            (component) => ({ default: component }),
            () => {
                // The parts of a page have names of their own in every version.
                throw new Error("its script cannot be loaded; perhaps the server has a newer version");
            },
        ),
    );
}

export type Overlay = "palette" | "help" | null;

export function Pages({ overlay, setOverlay }: { overlay: Overlay; setOverlay(overlay: Overlay): void }) {
    const app = useApp();
    useKeys({
        L: () => navigate(app.path({ name: "live" })),
        A: () => navigate(app.path({ name: "agents" })),
        a: () => navigate(app.path({ name: "agents" })),
        C: () => navigate(app.path({ name: "conversations" })),
        c: () => navigate(app.path({ name: "conversations" })),
        M: () => navigate(app.path({ name: "llms" })),
        m: () => navigate(app.path({ name: "llms" })),
        // Beside a tree, l opens a row and e goes to the next error; elsewhere they are as good as L and E.
        ...(app.page.name !== "live" && app.page.name !== "trace" ? { l: () => navigate(app.path({ name: "live" })), e: () => navigate(app.path({ name: "explore" })) } : {}),
        E: () => navigate(app.path({ name: "explore" })),
        S: () => navigate(app.path({ name: "settings", section: "general" })),
        s: () => navigate(app.path({ name: "settings", section: "general" })),
        "?": () => setOverlay("help"),
        "/": () => focusSearch(),
    }, true, "frame");
    // Before the paint, as all keys: what is seen can be steered.
    useLayoutEffect(() => {
        const listener = (event: KeyboardEvent) => {
            if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
                event.preventDefault();
                setOverlay("palette");
            }
        };
        window.addEventListener("keydown", listener);
        return () => window.removeEventListener("keydown", listener);
    }, [setOverlay]);
    useEffect(() => {
        document.title = `${titleOf(app.page)} · Hearth`;
    }, [app.page]);
    return (
        <div className="app">
            <a className="skip" href="#main">
                Skip to content
            </a>
            <Sidebar />
            <main className="main" id="main">
                <Current />
            </main>
            {overlay === "palette" && <CommandPalette onClose={() => setOverlay(null)} />}
            {overlay === "help" && <HelpSheet onClose={() => setOverlay(null)} />}
        </div>
    );
}

function Current() {
    const { page, path } = useApp();
    switch (page.name) {
        case "live":
            return <LivePage />;
        case "llms":
            return later(<LLMsPage />, "the page");
        case "llm":
            return later(<LLMPage provider={page.provider} model={page.model} />, "the page");
        case "agents":
            return later(<AgentsPage />, "the page");
        case "agent":
            return later(<AgentPage agent={page} />, "the page");
        case "run":
            return later(<RunPage traceId={page.traceId} spanId={page.spanId} />, "the page");
        case "conversations":
            return later(<ConversationsPage />, "the page");
        case "conversation":
            return later(<ConversationPage id={page.id} />, "the page");
        case "trace":
            return <TracePage traceId={page.traceId} />;
        case "explore":
            return later(<ExplorePage />, "the SQL editor");
        case "add":
            return <AddDataPage />;
        case "settings":
            return later(<SettingsPage section={page.section} />, "the settings");
        case "missing":
            return (
                <Empty title="There is no page at this address" isPage>
                    <p>
                        <Link href={path({ name: "live" })}>Go to Live</Link>
                    </p>
                </Empty>
            );
    }
}

function later(page: ReactElement, what: string) {
    return <Suspense fallback={<Loading what={what} />}>{page}</Suspense>;
}

function titleOf(page: ReturnType<typeof useApp>["page"]): string {
    switch (page.name) {
        case "live":
            return "Live";
        case "llms":
            return "LLMs";
        case "llm":
            return page.model;
        case "agents":
            return "Agents";
        case "agent":
            return agentTitle(page);
        case "run":
            return `Run ${shortId(page.spanId)}`;
        case "trace":
            return `Trace ${shortId(page.traceId)}`;
        case "explore":
            return "Explore";
        case "add":
            return "Add data";
        case "settings":
            return `${sectionTitles[page.section]} · Settings`;
        case "conversations":
            return "Conversations";
        case "conversation":
            return `Conversation ${shortId(page.id)}`;
        case "missing":
            return "Not found";
    }
}

function focusSearch(): void {
    const box = document.querySelector<HTMLInputElement>("[data-search]");
    box?.focus();
    box?.select();
}
