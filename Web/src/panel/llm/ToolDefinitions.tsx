import { useState } from "react";
import { JsonTree } from "../../components/JsonTree";
import type { ToolDefinition } from "./message";
import { schemaParameters } from "./tools";

export function ToolDefinitions({ tools }: { tools: readonly ToolDefinition[] }) {
    return (
        <>
            <h3>
                Tools offered <span className="muted">{tools.length}</span>
            </h3>
            {tools.map((tool, index) => (
                <Definition key={`${tool.name}-${index}`} tool={tool} />
            ))}
        </>
    );
}

function Definition({ tool }: { tool: ToolDefinition }) {
    const [isOpen, setOpen] = useState(false);
    const parameters = schemaParameters(tool.parameters);
    return (
        <div className="tool-definition">
            <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
                <span className={`twist ${isOpen ? "is-open" : ""}`} aria-hidden="true" />
                <code>{tool.name}</code>
                {tool.kind && <span className="tag">{tool.kind}</span>}
                <span className="tool-summary">{tool.description ?? parameters.map((p) => p.name).join(", ")}</span>
            </button>
            {isOpen && (
                <div className="tool-open">
                    {tool.description && <p>{tool.description}</p>}
                    {parameters.length > 0 ? (
                        <table>
                            <thead>
                                <tr>
                                    <th>Parameter</th>
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
                                        <td>{p.description}</td>
                                    </tr>
                                ))}
                            </tbody>
                        </table>
                    ) : (
                        <p className="muted small">No parameters.</p>
                    )}
                    {tool.parameters !== null && <JsonTree value={{ schema: tool.parameters }} openDepth={1} />}
                </div>
            )}
        </div>
    );
}
