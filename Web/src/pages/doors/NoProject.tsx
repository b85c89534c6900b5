import { fetchSession } from "../../api/session";
import { pagePath } from "../../app/router";
import { Link } from "../../components/basic";
import { Empty, ErrorBox, Loading } from "../../components/states";
import { useAsync } from "../../lib/useAsync";

/** The address names a project that is not there, or that the reader is not a member of. */
export function NoProject({ path }: { path: string }) {
    const session = useAsync("session", fetchSession);
    return (
        <main className="boot">
            <Empty title={`There is no project ${path.replace("/", " / ")}`}>
                <p className="muted">Perhaps it was renamed or deleted, or your account is not a member of its organization.</p>
                {session.error ? (
                    <ErrorBox error={session.error} onRetry={session.reload} />
                ) : !session.data ? (
                    <Loading what="your projects" />
                ) : (
                    <ul className="project-links">
                        {session.data.projects.map((p) => (
                            <li key={p.id}>
                                <Link href={pagePath(p.organization_name, p.project_name, { name: "live" })}>
                                    {p.organization_name} / {p.project_name}
                                </Link>
                            </li>
                        ))}
                    </ul>
                )}
            </Empty>
        </main>
    );
}
