import { JsonTree } from "../../components/JsonTree";
import { unknown } from "../../lib/format";
import type { ToolDefinition } from "./message";
import { schemaParameters } from "./tools";

/** The parameters of a tool as its JSON schema has them; the whole schema stands behind a twist. */
export function ParameterTable({ tool }: { tool: ToolDefinition }) {
    const parameters = schemaParameters(tool.parameters);
    return (
        <>
            {parameters.length > 0 ? (
                <table className="parameters">
                    <thead>
                        <tr>
                            <th>Name</th>
                            <th>Type</th>
                            <th>Description</th>
                        </tr>
                    </thead>
                    <tbody>
                        {parameters.map((p) => (
                            <tr key={p.name}>
                                <td>
                                    <code>{p.name}</code> {p.isRequired && <span className="tag">required</span>}
                                </td>
                                <td>
                                    <code className="muted">{p.type}</code>
                                </td>
                                <td>{p.description ?? <span className="muted">{unknown}</span>}</td>
                            </tr>
                        ))}
                    </tbody>
                </table>
            ) : (
                <p className="muted small">{tool.parameters === null ? "Its schema was not sent." : "It takes no parameters."}</p>
            )}
            {tool.parameters !== null && (
                <details className="schema">
                    <summary>JSON schema</summary>
                    <JsonTree value={tool.parameters} openDepth={3} />
                </details>
            )}
        </>
    );
}
