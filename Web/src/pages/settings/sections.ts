import type { Section } from "../../app/router";

export const sectionTitles: Record<Section, string> = {
    general: "General",
    tokens: "Tokens",
    members: "Members",
    redaction: "Redaction",
    sampling: "Sampling",
    retention: "Retention",
    mapping: "Mapping rules",
    instrumentation: "Check instrumentation",
    prices: "Prices",
    health: "Health",
    account: "Account",
};

/** What each section is for, under its title. */
export const sectionLeads: Record<Section, string> = {
    general: "Name, description and end of this project.",
    tokens: "What programs use to send to this project, to query it and to manage it.",
    members: "Who belongs to this organization and what each of them may do in its projects.",
    redaction: "What is taken out of records before they are stored. Nothing of it reaches the disk, the log of the server or the live view.",
    sampling: "Which traces are kept. Records are stored at once; the decision is made when a trace is complete.",
    retention: "How long records are kept and how much room they may take, and what stays longer.",
    mapping: "Attributes of your own that say the same as a standard one: Hearth then reads them as that.",
    instrumentation: "What the programs that send to this project leave out, where that shows, and how to mend it.",
    prices: "What a model call costs when the sender did not say it.",
    health: "How the server is: what it receives, stores and answers, what waits, and what needs a look.",
    account: "Your password, your sessions and the terminals that are signed in as you.",
};

export const groups: { title: string; sections: Section[] }[] = [
    { title: "Project", sections: ["general", "tokens"] },
    { title: "Data", sections: ["redaction", "sampling", "retention", "mapping", "instrumentation", "prices"] },
    { title: "Server", sections: ["health"] },
    { title: "People", sections: ["members", "account"] },
];
