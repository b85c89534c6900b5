import { useApp } from "../../app/context";
import type { Section } from "../../app/router";
import { TopBar } from "../../app/TopBar";
import { Link } from "../../components/basic";
import { Notice } from "../../components/form";
import { Account } from "./account/Account";
import { General } from "./general/General";
import { Health } from "./health/Health";
import { Instrumentation } from "./instrumentation/Instrumentation";
import { Mapping } from "./mapping/Mapping";
import { Members } from "./members/Members";
import { Prices } from "./prices/Prices";
import { Redaction } from "./redaction/Redaction";
import { Retention } from "./retention/Retention";
import { Sampling } from "./sampling/Sampling";
import { groups, sectionLeads, sectionTitles } from "./sections";
import { Tokens } from "./tokens/Tokens";

export function SettingsPage({ section }: { section: Section }) {
    const { path, organization, project, config, canManage, isOwner } = useApp();
    return (
        <>
            <TopBar
                hasEnvironment={false}
                search={
                    <div className="crumbs">
                        {section === "members" ? organization : section === "account" ? config.user_name ?? "local" : section === "health" ? "server" : `${organization} / ${project}`}
                        <span aria-hidden="true">›</span>
                        <strong>{sectionTitles[section]}</strong>
                    </div>
                }
            />
            <div className="settings">
                <nav className="settings-nav" aria-label="Settings">
                    {groups.map((group) => (
                        <div key={group.title}>
                            <h2>{group.title}</h2>
                            {group.sections.map((s) => (
                                <span key={s} aria-current={s === section ? "page" : undefined}>
                                    <Link href={path({ name: "settings", section: s })} className={s === section ? "is-on" : ""}>
                                        {sectionTitles[s]}
                                    </Link>
                                </span>
                            ))}
                        </div>
                    ))}
                </nav>
                <div className="settings-body" key={section} tabIndex={-1}>
                    <header className="page-head">
                        <h1>{sectionTitles[section]}</h1>
                        <p className="muted">{sectionLeads[section]}</p>
                    </header>
                    {section !== "account" && section !== "health" && section !== "instrumentation" && <ReadOnly section={section} canManage={canManage} isOwner={isOwner} />}
                    <Body section={section} />
                </div>
            </div>
        </>
    );
}

/** Sections that only an owner may change. */
const forOwners: readonly Section[] = ["general", "members"];

function ReadOnly({ section, canManage, isOwner }: { section: Section; canManage: boolean; isOwner: boolean }) {
    if (canManage && (isOwner || !forOwners.includes(section))) return null;
    return (
        <Notice>
            {canManage ? "You are a member here: only an owner of the organization can change this." : "You are a viewer here: you can look at everything and change nothing. An owner of the organization can give you another role."}
        </Notice>
    );
}

function Body({ section }: { section: Section }): JSX.Element {
    switch (section) {
        case "general":
            return <General />;
        case "tokens":
            return <Tokens />;
        case "members":
            return <Members />;
        case "redaction":
            return <Redaction />;
        case "sampling":
            return <Sampling />;
        case "retention":
            return <Retention />;
        case "mapping":
            return <Mapping />;
        case "instrumentation":
            return <Instrumentation />;
        case "prices":
            return <Prices />;
        case "health":
            return <Health />;
        case "account":
            return <Account />;
    }
}
