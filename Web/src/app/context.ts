import { createContext, useContext } from "react";
import type { Config } from "../api/types";
import type { Page } from "./router";
import type { ThemeChoice } from "./theme";

export interface App {
    config: Config;
    organization: string;
    project: string;
    page: Page;
    params: URLSearchParams;
    theme: ThemeChoice;
    setTheme(choice: ThemeChoice): void;
    /** The path of a page of this project. */
    path(page: Page): string;
    openPalette(): void;
    openHelp(): void;
}

export const AppContext = createContext<App | null>(null);

export function useApp(): App {
    const app = useContext(AppContext);
    if (!app) throw new Error("useApp outside of the application");
    return app;
}
