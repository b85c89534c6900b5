import type { FullRecord } from "../../api/types";
import { JsonTree } from "../../components/JsonTree";
import { plural } from "../../lib/format";
import { validationErrors } from "./validation";

export function ValidationSection({ record }: { record: FullRecord }) {
    const errors = validationErrors(record);
    if (errors.length === 0) return null;
    return (
        <section aria-label="Validation errors">
            <h3>{plural(errors.length, "validation error")}</h3>
            <table className="validation">
                <thead>
                    <tr>
                        <th>Where</th>
                        <th>What</th>
                        <th>Input</th>
                    </tr>
                </thead>
                <tbody>
                    {errors.map((e, index) => (
                        <tr key={index}>
                            <td>
                                <code>{e.where === "" ? "the whole value" : e.where}</code>
                            </td>
                            <td>
                                {e.message}
                                {e.type && <span className="muted small"> {e.type}</span>}
                            </td>
                            <td>{e.input !== undefined && <JsonTree value={e.input} openDepth={0} />}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </section>
    );
}
