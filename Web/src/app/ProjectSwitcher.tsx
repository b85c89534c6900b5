import { useState } from "react";
import type { ProjectSummary } from "../api/types";
import { Icon } from "../components/Icon";
import { MenuItem, Popover } from "../components/Popover";
import { useApp } from "./context";
import { CreateProjectDialog } from "./CreateProjectDialog";
import { navigate, pagePath } from "./router";

/** From this many projects on the list can be searched. */
const searchable = 6;

export function ProjectSwitcher() {
    const { organization, project, config } = useApp();
    const [isCreating, setCreating] = useState(false);
    return (
        <>
            <Popover
                className="nav-link nav-project"
                title={`Project ${organization} / ${project}: switch or create`}
                label={
                    <>
                        <Icon name="project" size={15} />
                        <span className="nav-label nav-cut">
                            <small>{organization}</small>
                            {project}
                        </span>
                        <span className="nav-label nav-caret">
                            <Icon name="down" size={12} />
                        </span>
                    </>
                }
            >
                {(close) => (
                    <ProjectList
                        projects={config.projects}
                        close={close}
                        onCreate={() => {
                            close();
                            setCreating(true);
                        }}
                    />
                )}
            </Popover>
            {isCreating && <CreateProjectDialog onClose={() => setCreating(false)} />}
        </>
    );
}

function ProjectList({ projects, close, onCreate }: { projects: readonly ProjectSummary[]; close(): void; onCreate(): void }) {
    const { organization, project, config } = useApp();
    const [text, setText] = useState("");
    const found = searchProjects(projects, text);
    const organizations = [...new Set(found.map((p) => p.organization_name))];
    const open = (to: ProjectSummary) => {
        close();
        navigate(pagePath(to.organization_name, to.project_name, { name: "live" }));
    };
    const mayCreate = config.is_loopback || projects.some((p) => p.role === "owner");
    return (
        <div className="project-list">
            {projects.length >= searchable && (
                <input
                    type="search"
                    className="menu-search"
                    placeholder="Find a project"
                    aria-label="Find a project"
                    value={text}
                    onChange={(event) => setText(event.target.value)}
                    onKeyDown={(event) => {
                        if (event.key === "Enter" && found[0]) open(found[0]);
                    }}
                />
            )}
            <div role="menu" aria-label="Projects">
                {organizations.map((name) => (
                    <div key={name} role="group" aria-label={name}>
                        <p className="menu-group">{name}</p>
                        {found
                            .filter((p) => p.organization_name === name)
                            .map((p) => (
                                <MenuItem key={p.id} checked={p.organization_name === organization && p.project_name === project} hint={p.role === "viewer" ? "read only" : undefined} onSelect={() => open(p)}>
                                    {p.project_name}
                                </MenuItem>
                            ))}
                    </div>
                ))}
                {found.length === 0 && <p className="menu-note">{text === "" ? "No project is listed." : `No project contains “${text}”.`}</p>}
                {mayCreate && (
                    <div className="menu-foot">
                        <MenuItem onSelect={onCreate}>Create project…</MenuItem>
                    </div>
                )}
            </div>
        </div>
    );
}

/** Every word must occur in the project's path, in any order. */
export function searchProjects(projects: readonly ProjectSummary[], text: string): ProjectSummary[] {
    const words = text.toLowerCase().split(/[\s/]+/).filter(Boolean);
    return projects.filter((p) => words.every((w) => `${p.organization_name}/${p.project_name}`.toLowerCase().includes(w)));
}
