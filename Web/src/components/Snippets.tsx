import { useId, useState } from "react";
import type { Guide } from "../lib/guides";
import { Snippet } from "./states";
import { Tabs } from "./Tabs";

/** Guides to choose from; each is a few pieces to paste. */
export function Snippets({ guides, label, initial, onChoose }: { guides: readonly Guide[]; label: string; initial?: string; onChoose?(id: string): void }) {
    const [chosen, setChosen] = useState(initial ?? guides[0]!.id);
    const prefix = useId();
    const guide = guides.find((g) => g.id === chosen) ?? guides[0]!;
    return (
        <div className="snippets">
            <Tabs
                label={label}
                prefix={prefix}
                tabs={guides.map((g) => ({ id: g.id, label: g.label }))}
                selected={guide.id}
                onSelect={(id) => {
                    setChosen(id);
                    onChoose?.(id);
                }}
            />
            <div role="tabpanel" aria-labelledby={`${prefix}tab-${guide.id}`} className="snippets-body">
                {guide.steps.map((step) => (
                    <Snippet key={step.label} label={step.label} code={step.code} />
                ))}
                {guide.notes && guide.id === "collector" ? (
                    <>
                        <h3>What takes model calls away on the way</h3>
                        <ul className="pitfalls">
                            {guide.notes.map((note) => (
                                <li key={note}>{note}</li>
                            ))}
                        </ul>
                        <p className="muted small">The whole table, with how each of these shows, is in Docs/sending.md.</p>
                    </>
                ) : (
                    guide.notes?.map((note) => (
                        <p key={note} className="muted small">
                            {note}
                        </p>
                    ))
                )}
            </div>
        </div>
    );
}
