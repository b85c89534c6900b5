import type { JsonObject } from "../../api/types";
import { modelSettings } from "./settings";

export function SettingsTable({ attributes }: { attributes: JsonObject }) {
    return (
        <dl className="settings-list">
            {modelSettings(attributes).map((s) => (
                <div key={s.name} data-setting={s.name}>
                    <dt title={s.name}>{s.isOther ? <code>{s.label}</code> : s.label}</dt>
                    <dd>
                        <span className="setting">{s.value}</span>
                    </dd>
                </div>
            ))}
        </dl>
    );
}
