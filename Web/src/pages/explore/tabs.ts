import type { ExploreView } from "../../lib/explore";
import { load, save } from "./storage";

/** A query with what is needed to run and show it again. */
export interface Tab {
    id: string;
    /** As the reader named it; empty: by its text. */
    name: string;
    sql: string;
    /** The text that ran last, which is the one in the address; null before the first run. */
    ran: string | null;
    view: ExploreView;
    limit: number;
    chart: ChartChoice;
}

/** What the reader chose for the chart; what is absent is chosen by the answer. */
export interface ChartChoice {
    kind?: "bars" | "lines" | "area" | "points";
    x?: string;
    y?: string[];
    /** A column whose values tell the series apart; empty for none. */
    series?: string;
}

export interface Tabs {
    list: readonly Tab[];
    active: string;
}

export const defaultLimit = 1000;
/** The most tabs that are kept. */
const most = 30;

let counter = 0;

export function newTab(sql = "", more: Partial<Tab> = {}): Tab {
    counter += 1;
    return { id: `${Date.now().toString(36)}${counter.toString(36)}${Math.floor(Math.random() * 1e6).toString(36)}`, name: "", sql, ran: null, view: "table", limit: defaultLimit, chart: {}, ...more };
}

/** What a tab is called: its name, else what its statement is about. */
export function titleOf(tab: Tab): string {
    if (tab.name !== "") return tab.name;
    const text = tab.sql.replace(/--.*$/gm, "").replace(/\s+/g, " ").trim();
    if (text === "") return "New query";
    const comment = /^\s*--\s*(.+)$/m.exec(tab.sql)?.[1]?.trim();
    if (comment) return comment;
    const source = /\bfrom\s+([\w.]+)/i.exec(text)?.[1];
    const group = /\bgroup by\s+([a-z_][\w., ]*?)(?:\s+(?:order|having|limit)\b|$)/i.exec(text)?.[1];
    if (source && group && !/^all$/i.test(group.trim())) return `${source} by ${group.trim()}`;
    return source ?? text;
}

const isTabs = (value: unknown): value is Tabs => {
    const tabs = value as Tabs | null;
    return typeof tabs === "object" && tabs !== null && Array.isArray(tabs.list) && tabs.list.length > 0 && tabs.list.every((t) => typeof t?.id === "string" && typeof t?.sql === "string") && tabs.list.some((t) => t.id === tabs.active);
};

const key = (project: string) => `hearth.explore.tabs.${project}`;

export function loadTabs(project: string): Tabs {
    const first = newTab();
    const known = load<Tabs>(key(project), { list: [first], active: first.id }, isTabs);
    // Fields that an older version did not have.
    return { ...known, list: known.list.map((t) => ({ ...newTab(), ...t })) };
}

export function saveTabs(project: string, tabs: Tabs): void {
    save(key(project), tabs);
}

export function change(tabs: Tabs, id: string, changes: Partial<Tab>): Tabs {
    return { ...tabs, list: tabs.list.map((t) => (t.id === id ? { ...t, ...changes } : t)) };
}

/** Shows a statement: in the tab that has it, in the present one while that is empty, else in a new one. */
export function open(tabs: Tabs, sql: string, more: Partial<Tab> = {}): Tabs {
    const active = tabs.list.find((t) => t.id === tabs.active)!;
    const same = [active, ...tabs.list].find((t) => t.ran === sql || t.sql.trim() === sql.trim());
    if (same) return { ...change(tabs, same.id, more), active: same.id };
    if (active.sql.trim() === "") return change(tabs, active.id, { sql, ...more });
    return add(tabs, newTab(sql, more));
}

export function add(tabs: Tabs, tab: Tab): Tabs {
    const at = tabs.list.findIndex((t) => t.id === tabs.active) + 1;
    const list = [...tabs.list.slice(0, at), tab, ...tabs.list.slice(at)];
    return { list: list.length > most ? list.filter((t, i) => i > 0 || t.id === tab.id).slice(-most) : list, active: tab.id };
}

export function close(tabs: Tabs, id: string): Tabs {
    const at = tabs.list.findIndex((t) => t.id === id);
    const list = tabs.list.filter((t) => t.id !== id);
    if (list.length === 0) {
        const first = newTab();
        return { list: [first], active: first.id };
    }
    return { list, active: tabs.active === id ? list[Math.min(at, list.length - 1)]!.id : tabs.active };
}
