import { ReactNode, useEffect } from "react";
import { ThemePicker } from "../../app/ThemePicker";
import type { ThemeChoice } from "../../app/theme";
import { Flame } from "../../components/Flame";

export interface Theming {
    theme: ThemeChoice;
    setTheme(choice: ThemeChoice): void;
}

/** A page of its own in the middle of the window: for those who are not in a project yet. */
export function DoorFrame({ title, lead, theming, children }: { title: string; lead?: ReactNode; theming: Theming; children: ReactNode }) {
    useEffect(() => {
        document.title = `${title} · Hearth`;
    }, [title]);
    return (
        <main className="door">
            <div className="door-theme">
                <ThemePicker {...theming} />
            </div>
            <div className="door-card">
                <div className="door-brand">
                    <Flame />
                    Hearth
                </div>
                <h1>{title}</h1>
                {lead && <p className="door-lead">{lead}</p>}
                {children}
            </div>
        </main>
    );
}
