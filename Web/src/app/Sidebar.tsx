import { Kbd, Link } from "../components/basic";
import { Icon, IconName } from "../components/Icon";
import { bytes, compact } from "../lib/format";
import { useApp } from "./context";
import type { Page } from "./router";

const entries: { label: string; page: Page; key: string; icon: IconName; covers: Page["name"][] }[] = [
    { label: "Live", page: { name: "live" }, key: "L", icon: "live", covers: ["live", "trace"] },
    { label: "LLMs", page: { name: "llms" }, key: "M", icon: "models", covers: ["llms", "llm"] },
];

export function Sidebar() {
    const app = useApp();
    return (
        <nav className="nav" aria-label="Pages">
            <Link href={app.path({ name: "live" })} className="brand">
                <Flame />
                <span>Hearth</span>
            </Link>
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
            <div className="nav-foot" title={`Hearth ${app.config.version}`}>
                <strong>
                    {app.organization} / {app.project}
                </strong>
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

function Flame() {
    return (
        <svg width="18" height="20" viewBox="0 0 32 36" aria-hidden="true">
            <defs>
                <linearGradient id="flame" x1="0" x2="0" y1="0" y2="1">
                    <stop offset="0" stopColor="#ffb067" />
                    <stop offset="1" stopColor="#d9480f" />
                </linearGradient>
            </defs>
            <path d="M18 1c1.4 7 11 10.5 11 21a13 13 0 0 1-26 0c0-6 4-9.6 6.4-12 0 3.6 1.2 6 3.6 7.2C13 11 14.300 5.500 18 1z" fill="url(#flame)" />
            <path d="M16.500 20c.6 3.200 4.500 4.800 4.500 9a5 5 0 0 1-10 0c0-2.700 1.800-4.200 2.800-5.300.1 1.500.6 2.400 1.500 2.900-.1-2.600.2-4.700 1.200-6.600z" fill="#fff" opacity=".55" />
        </svg>
    );
}
