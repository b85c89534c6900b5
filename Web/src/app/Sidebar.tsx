import { Kbd, Link } from "../components/basic";
import { Flame } from "../components/Flame";
import { Icon, IconName } from "../components/Icon";
import { bytes, compact } from "../lib/format";
import { AccountMenu } from "./AccountMenu";
import { useApp } from "./context";
import { ProjectSwitcher } from "./ProjectSwitcher";
import type { Page } from "./router";

const entries: { label: string; page: Page; key: string; icon: IconName; covers: Page["name"][] }[] = [
    { label: "Live", page: { name: "live" }, key: "L", icon: "live", covers: ["live", "trace"] },
    { label: "Agents", page: { name: "agents" }, key: "A", icon: "agents", covers: ["agents", "agent", "run"] },
    { label: "LLMs", page: { name: "llms" }, key: "M", icon: "models", covers: ["llms", "llm"] },
    { label: "Conversations", page: { name: "conversations" }, key: "C", icon: "chat", covers: ["conversations", "conversation"] },
    { label: "Explore", page: { name: "explore" }, key: "E", icon: "code", covers: ["explore"] },
    { label: "Settings", page: { name: "settings", section: "general" }, key: "S", icon: "settings", covers: ["settings"] },
];

export function Sidebar() {
    const app = useApp();
    return (
        <nav className="nav" aria-label="Pages">
            <Link href={app.path({ name: "live" })} className="brand">
                <Flame />
                <span>Hearth</span>
            </Link>
            <ProjectSwitcher />
            {entries.map((entry) => {
                const isOn = entry.covers.includes(app.page.name);
                return (
                    <span key={entry.key} aria-current={isOn ? "page" : undefined} className="nav-item">
                        <Link href={app.path(entry.page)} className={isOn ? "nav-link is-on" : "nav-link"}>
                            <Icon name={entry.icon} size={15} />
                            <span className="nav-label">{entry.label}</span>
                            <Kbd>{entry.key}</Kbd>
                        </Link>
                    </span>
                );
            })}
            <div className="nav-fill" />
            <span className="nav-item" aria-current={app.page.name === "add" ? "page" : undefined}>
                <Link href={app.path({ name: "add" })} className={app.page.name === "add" ? "nav-link is-on" : "nav-link"} title="How to send to this project">
                    <Icon name="plus" size={15} />
                    <span className="nav-label">Add data</span>
                </Link>
            </span>
            <button type="button" className="nav-link nav-button" onClick={app.openPalette} title="Go anywhere, open a trace, change theme or range">
                <Icon name="search" size={15} />
                <span className="nav-label">Commands</span>
                <Kbd>{isApple() ? "⌘" : "Ctrl "}K</Kbd>
            </button>
            <button type="button" className="nav-link nav-button" onClick={app.openHelp} title="Keyboard shortcuts">
                <Icon name="help" size={15} />
                <span className="nav-label">Shortcuts</span>
                <Kbd>?</Kbd>
            </button>
            <AccountMenu />
            <div className="nav-foot" title={`Hearth ${app.config.version}: stored records of all projects, size on disk`}>
                <span>
                    {compact(app.config.records)} records · {bytes(app.config.bytes)}
                </span>
            </div>
        </nav>
    );
}

export function isApple(): boolean {
    return /Mac|iPhone|iPad/.test(navigator.platform);
}
