import { useState } from "react";
import { CopyButton } from "../../components/basic";
import { Tabs } from "../../components/Tabs";
import { formatSQL } from "./formatSQL";
import type { Plan } from "./run";

const about: Record<string, string> = {
    measured: "What each step did when the statement ran: rows that came out of it, and its time.",
    physical: "The steps the engine means to take, the last one first.",
    logical: "The statement as it is run: the tables of the project in place of their names, the time window inside.",
};

/** Without the statement, which stands under its own tab. */
function withoutHead(measured: string): string {
    return measured.replace(/^[\s\S]*?\nEXPLAIN ANALYZE .*\n/, "");
}

/** How the server answers a statement. */
export function PlanView({ plan }: { plan: Plan }) {
    const parts = [...(plan.measured === null ? [] : [{ id: "measured", label: "As it ran", text: withoutHead(plan.measured) }]), { id: "physical", label: "Steps", text: plan.physical }, { id: "logical", label: "Statement", text: formatSQL(plan.logical) }];
    const [chosen, setChosen] = useState(parts[0]!.id);
    const part = parts.find((p) => p.id === chosen) ?? parts[0]!;
    return (
        <div className="plan">
            <div className="plan-head">
                <Tabs tabs={parts} selected={part.id} onSelect={setChosen} label="Parts of the plan" prefix="plan-" />
                <span className="muted small">{about[part.id]}</span>
                <CopyButton text={part.text} label="Copy this part" />
            </div>
            <pre tabIndex={0} role="region" aria-label={part.label}>
                {part.text}
            </pre>
        </div>
    );
}
