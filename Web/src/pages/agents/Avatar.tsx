import type { CSSProperties } from "react";
import { nameColor } from "../../lib/color";
import { initials } from "./source";

/** The agent's initials on its own colour: the same on every page. */
export function Avatar({ name, size = "row" }: { name: string; size?: "row" | "head" }) {
    return (
        <span className={`avatar avatar-${size}`} style={{ "--c": nameColor(name) } as CSSProperties} aria-hidden="true">
            {initials(name)}
        </span>
    );
}
