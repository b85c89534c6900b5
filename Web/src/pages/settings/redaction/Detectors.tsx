import type { RedactionAction, StoredRedaction } from "../../../api/protect";
import { SelectField } from "../../../components/form";
import { plural } from "../../../lib/format";
import { Panel } from "../Panel";

export const actionTexts: Record<RedactionAction, string> = {
    replace: "replace by a note",
    hash: "replace by a hash",
    drop: "drop the value",
};

/** Patterns that come with the product, each off or with an action of its own. */
export function Detectors(props: { available: StoredRedaction["available"]; detectors: Record<string, RedactionAction>; disabled: boolean; onChange(detectors: Record<string, RedactionAction>): void }) {
    const { available, detectors } = props;
    const set = (id: string, action: RedactionAction | "") => {
        const { [id]: _old, ...rest } = detectors;
        props.onChange(action === "" ? rest : { ...rest, [id]: action });
    };
    const on = available.detectors.filter((d) => detectors[d.id] !== undefined).length;
    return (
        <Panel title="Patterns" lead={`Found in any text, whatever its key. ${on === 0 ? "All are off." : `${plural(on, "pattern")} on.`} A hash is keyed: the same value gives the same text, so that counts and joins still work.`}>
            <div className="detectors">
                {available.detectors.map((d) => (
                    <div key={d.id} className={detectors[d.id] ? "detector is-on" : "detector"}>
                        <div title={d.description}>
                            <b>{d.title}</b>
                            <code className="muted">{d.example}</code>
                        </div>
                        <SelectField isBare label={`What to do with ${d.title}`} value={detectors[d.id] ?? ""} disabled={props.disabled} onChange={(event) => set(d.id, event.target.value as RedactionAction | "")}>
                            <option value="">off</option>
                            {available.actions.map((action) => (
                                <option key={action} value={action}>
                                    {actionTexts[action] ?? action}
                                </option>
                            ))}
                        </SelectField>
                    </div>
                ))}
            </div>
        </Panel>
    );
}
