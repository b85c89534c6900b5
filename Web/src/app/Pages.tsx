import { lazy, ReactElement, Suspense, useEffect } from "react";
import { Empty, Loading } from "../components/states";
import { Link } from "../components/basic";
import { agentTitle } from "../pages/agents/source";
import { LivePage } from "../pages/live/LivePage";
import { LLMPage } from "../pages/llms/LLMPage";
import { LLMsPage } from "../pages/llms/LLMsPage";
import { AddDataPage } from "../pages/add/AddDataPage";
import { SettingsPage } from "../pages/settings/SettingsPage";
import { sectionTitles } from "../pages/settings/sections";
import { TracePage } from "../pages/trace/TracePage";
import { CommandPalette } from "./CommandPalette";
import { useApp } from "./context";
import { HelpSheet } from "./HelpSheet";
import { useKeys } from "./keys";
import { navigate } from "./router";
import { Sidebar } from "./Sidebar";

// Each of these is loaded when it is first opened.
const AgentsPage = lazy(() => import("../pages/agents/AgentsPage").then((m) => ({ default: m.AgentsPage })));
const AgentPage = lazy(() => import("../pages/agents/AgentPage").then((m) => ({ default: m.AgentPage })));
const RunPage = lazy(() => import("../pages/runs/RunPage").then((m) => ({ default: m.RunPage })));
const ConversationsPage = lazy(() => import("../pages/conversations/ConversationsPage").then((m) => ({ default: m.ConversationsPage })));
const ConversationPage = lazy(() => import("../pages/conversations/ConversationPage").then((m) => ({ default: m.ConversationPage })));
// Loaded when it is first opened: the SQL editor is larger than everything else together.
const ExplorePage = lazy(() => import("../pages/explore/ExplorePage"));

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
    useEffect(() => {
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
            return <LLMsPage />;
        case "llm":
            return <LLMPage provider={page.provider} model={page.model} />;
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
            return <SettingsPage section={page.section} />;
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
            return `Run ${page.spanId.slice(0, 8)}`;
        case "trace":
            return `Trace ${page.traceId.slice(0, 8)}`;
        case "explore":
            return "Explore";
        case "add":
            return "Add data";
        case "settings":
            return `${sectionTitles[page.section]} · Settings`;
        case "conversations":
            return "Conversations";
        case "conversation":
            return `Conversation ${page.id.slice(0, 8)}`;
        case "missing":
            return "Not found";
    }
}

function focusSearch(): void {
    const box = document.querySelector<HTMLInputElement>("[data-search]");
    box?.focus();
    box?.select();
}
