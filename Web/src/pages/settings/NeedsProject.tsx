import type { ReactNode } from "react";
import { useApp } from "../../app/context";
import { Notice } from "../../components/form";

/** For what the management API names by the project's id. */
export function NeedsProject({ children }: { children(id: string): ReactNode }) {
    const { projectId } = useApp();
    if (projectId === null) return <Notice tone="warn">The server does not list this project, so its settings cannot be shown. Reload the page; if it stays like this, the server is older than this page.</Notice>;
    return <>{children(projectId)}</>;
}
