import { MouseEvent, ReactNode, useEffect, useRef, useState } from "react";
import { navigate } from "../app/router";
import { nameColor } from "../lib/color";
import { levelName } from "../lib/level";
import { absolute, parseTime, relative } from "../lib/time";
import { useSlowNow } from "../lib/useNow";
import { Icon, IconName } from "./Icon";

export function Kbd({ children }: { children: ReactNode }) {
    return <kbd className="kbd">{children}</kbd>;
}

/** A link inside the application; new tabs and windows work as anywhere. */
export function Link({ href, className, children, title, label, onClick }: { href: string; className?: string; children: ReactNode; title?: string; label?: string; onClick?(): void }) {
    const go = (event: MouseEvent) => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        onClick?.();
        navigate(href);
    };
    return (
        <a href={href} className={className} title={title} aria-label={label} onClick={go}>
            {children}
        </a>
    );
}

export function Chip({ name }: { name: string }) {
    return (
        <span className="chip" dir="auto" style={{ "--c": nameColor(name) } as React.CSSProperties} title={name}>
            {name}
        </span>
    );
}

export function LevelMark({ level }: { level: number }) {
    const name = levelName(level);
    return <span className={`lvl lvl-${name}`} role="img" aria-label={name} title={`level: ${name}`} />;
}

export function CopyButton({ text, label = "Copy", icon = "copy" }: { text: string | (() => string); label?: string; icon?: IconName }) {
    const [done, setDone] = useState(false);
    const timer = useRef<ReturnType<typeof setTimeout>>();
    useEffect(() => () => clearTimeout(timer.current), []);
    const copy = (event: MouseEvent) => {
        event.stopPropagation();
        void copyText(typeof text === "function" ? text() : text).then((ok) => {
            setDone(ok);
            clearTimeout(timer.current);
            timer.current = setTimeout(() => setDone(false), 1400);
        });
    };
    return (
        <button type="button" className={`icon-button ${done ? "is-done" : ""}`} onClick={copy} title={label} aria-label={done ? "Copied" : label}>
            <Icon name={done ? "check" : icon} size={13} />
        </button>
    );
}

/** Puts a text on the clipboard; false when the browser refuses. */
export async function copyText(text: string): Promise<boolean> {
    try {
        await navigator.clipboard.writeText(text);
        return true;
    } catch {
        // Plain http on another host has no clipboard API; the old way still works there.
        const area = document.createElement("textarea");
        area.value = text;
        area.style.position = "fixed";
        area.style.opacity = "0";
        document.body.append(area);
        area.select();
        const ok = document.execCommand("copy");
        area.remove();
        return ok;
    }
}

export function Ago({ time }: { time: string | number }) {
    const now = useSlowNow();
    const ms = typeof time === "number" ? time : parseTime(time);
    return (
        <time dateTime={new Date(ms).toISOString()} title={absolute(ms)}>
            {relative(ms, now)}
        </time>
    );
}

export function Fact({ label, children, tone, title }: { label: string; children: ReactNode; tone?: "warn" | "error"; title?: string }) {
    return (
        <span className={`fact ${tone ? `fact-${tone}` : ""}`} title={title}>
            <span className="fact-label">{label}</span>
            {children}
        </span>
    );
}
