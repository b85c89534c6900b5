import type { ReactNode } from "react";

/** One matter of a settings page: a title, what it is about, and its controls. */
export function Panel({ title, lead, tools, children, tone }: { title: ReactNode; lead?: ReactNode; tools?: ReactNode; children: ReactNode; tone?: "danger" }) {
    return (
        <section className={`panel ${tone ? `panel-${tone}` : ""}`}>
            <header>
                <div>
                    <h2>{title}</h2>
                    {lead && <p className="muted">{lead}</p>}
                </div>
                {tools && <div className="panel-tools">{tools}</div>}
            </header>
            <div className="panel-body">{children}</div>
        </section>
    );
}
