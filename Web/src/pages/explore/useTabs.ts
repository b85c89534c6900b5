import { useCallback, useEffect, useRef, useState } from "react";
import { change, loadTabs, saveTabs, Tab, Tabs } from "./tabs";

/** The open queries of a project, kept in this browser. */
export function useTabs(project: string) {
    const [tabs, setTabs] = useState<Tabs>(() => loadTabs(project));
    const latest = useRef(tabs);
    latest.current = tabs;
    useEffect(() => {
        const timer = setTimeout(() => saveTabs(project, tabs), 200);
        return () => clearTimeout(timer);
    }, [project, tabs]);
    useEffect(() => {
        const keep = () => saveTabs(project, latest.current);
        window.addEventListener("pagehide", keep);
        return () => {
            window.removeEventListener("pagehide", keep);
            keep();
        };
    }, [project]);
    const update = useCallback((id: string, changes: Partial<Tab>) => setTabs((t) => change(t, id, changes)), []);
    const active = tabs.list.find((t) => t.id === tabs.active)!;
    return { tabs, setTabs, update, active, latest };
}
