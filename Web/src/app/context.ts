import { createContext, useContext } from "react";
import type { Config } from "../api/types";
import type { Page } from "./router";
import type { ThemeChoice } from "./theme";

export interface App {
    config: Config;
    organization: string;
    project: string;
    /** The project's id in the management API; null when the server does not list it. */
    projectId: string | null;
    /** Whether the reader's role may change the project's settings. */
    canManage: boolean;
    /** Whether the reader may manage members, API keys and the project itself. */
    isOwner: boolean;
    /** Reads what the server says about this project anew. */
    reloadConfig(): void;
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
