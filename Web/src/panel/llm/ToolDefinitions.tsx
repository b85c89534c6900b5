import { useState } from "react";
import type { ToolDefinition } from "./message";
import { ParameterTable } from "./ParameterTable";
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
                    <ParameterTable tool={tool} />
                </div>
            )}
        </div>
    );
}
