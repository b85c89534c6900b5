import { presets } from "../lib/range";
import { setZone } from "../lib/zone";
import { savedSearches } from "../pages/live/saved";
import type { App } from "./context";
import { sectionTitles } from "../pages/settings/sections";
import { navigate, pagePath, sections, setParams } from "./router";

export interface Command {
    title: string;
    hint: string;
    run(): void;
}

const traceId = /^[0-9a-f]{32}$/i;

/** What the palette offers for what was typed. */
export function commandsFor(app: App, typed: string): Command[] {
    const text = typed.trim();
    const commands: Command[] = [];
    if (traceId.test(text)) {
        commands.push({ title: `Open trace ${text}`, hint: "trace", run: () => navigate(app.path({ name: "trace", traceId: text.toLowerCase() })) });
    }
    const fixed: Command[] = [
        { title: "Live", hint: "page", run: () => navigate(app.path({ name: "live" })) },
        { title: "Agents", hint: "page", run: () => navigate(app.path({ name: "agents" })) },
        { title: "LLMs", hint: "page", run: () => navigate(app.path({ name: "llms" })) },
        { title: "Conversations", hint: "page", run: () => navigate(app.path({ name: "conversations" })) },
        { title: "Conversations: sessions", hint: "page", run: () => navigate(`${app.path({ name: "conversations" })}?by=session`) },
        { title: "Conversations: users", hint: "page", run: () => navigate(`${app.path({ name: "conversations" })}?by=user`) },
        { title: "Explore: SQL", hint: "page", run: () => navigate(app.path({ name: "explore" })) },
        { title: "Add data", hint: "page", run: () => navigate(app.path({ name: "add" })) },
        ...sections.map((section) => ({ title: `Settings: ${sectionTitles[section].toLowerCase()}`, hint: "settings", run: () => navigate(app.path({ name: "settings", section })) })),
        ...app.config.projects
            .filter((p) => p.organization_name !== app.organization || p.project_name !== app.project)
            .map((p) => ({ title: `Project: ${p.organization_name} / ${p.project_name}`, hint: "project", run: () => navigate(pagePath(p.organization_name, p.project_name, { name: "live" })) })),
        { title: "Live: errors only", hint: "filter", run: () => navigate(`${app.path({ name: "live" })}?${new URLSearchParams({ q: "otel_status_code = 'ERROR' OR is_exception" })}`) },
        { title: "Live: model calls only", hint: "filter", run: () => navigate(`${app.path({ name: "live" })}?${new URLSearchParams({ q: "(attributes->>'gen_ai.operation.name') = 'chat'" })}`) },
        ...savedSearches(`${app.organization}/${app.project}`).map((s) => ({ title: `Saved: ${s.name}`, hint: "saved search", run: () => navigate(`${app.path({ name: "live" })}?${s.params}`) })),
        { title: "Theme: light", hint: "theme", run: () => app.setTheme("light") },
        { title: "Theme: dark", hint: "theme", run: () => app.setTheme("dark") },
        { title: "Theme: as the system", hint: "theme", run: () => app.setTheme("system") },
        { title: "Times: in your zone", hint: "zone", run: () => setZone("local") },
        { title: "Times: in UTC", hint: "zone", run: () => setZone("utc") },
        { title: "Keyboard shortcuts", hint: "help", run: app.openHelp },
    ];
    if (app.page.name !== "trace") {
        for (const p of presets) fixed.push({ title: `Range: ${p.label.toLowerCase()}`, hint: p.id, run: () => setParams({ range: p.id, from: null, to: null }) });
    }
    commands.push(...fixed.filter((c) => matches(c.title, text)));
    if (text !== "" && !traceId.test(text)) {
        commands.push({ title: `Search Live for “${text}”`, hint: "search", run: () => navigate(`${app.path({ name: "live" })}?${new URLSearchParams({ q: text })}`) });
    }
    return commands;
}

/** Every word must begin a word of the title, in any order. */
export function matches(title: string, typed: string): boolean {
    const words = title.toLowerCase().split(/[\s:]+/);
    return typed.toLowerCase().split(/\s+/).filter(Boolean).every((t) => words.some((w) => w.startsWith(t)));
}
