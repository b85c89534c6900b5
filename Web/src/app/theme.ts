import { useEffect, useState } from "react";

export type ThemeChoice = "system" | "light" | "dark";

const key = "hearth.theme";
const systemDark = () => window.matchMedia("(prefers-color-scheme: dark)");

function stored(): ThemeChoice {
    try {
        const value = localStorage.getItem(key);
        return value === "light" || value === "dark" ? value : "system";
    } catch {
        return "system";
    }
}

function apply(choice: ThemeChoice): void {
    document.documentElement.dataset.theme = choice === "system" ? (systemDark().matches ? "dark" : "light") : choice;
}

/** The chosen theme, kept over visits; `system` follows the system while the page is open. */
export function useTheme(): [ThemeChoice, (choice: ThemeChoice) => void] {
    const [choice, setChoice] = useState<ThemeChoice>(stored);
    useEffect(() => {
        apply(choice);
        try {
            if (choice === "system") localStorage.removeItem(key);
            else localStorage.setItem(key, choice);
        } catch {
            // Without storage the choice lasts as long as the page.
        }
        if (choice !== "system") return undefined;
        const query = systemDark();
        const listener = () => apply("system");
        query.addEventListener("change", listener);
        return () => query.removeEventListener("change", listener);
    }, [choice]);
    return [choice, setChoice];
}
