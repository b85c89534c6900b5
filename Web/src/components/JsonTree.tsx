import { useState } from "react";
import type { Json } from "../api/types";
import { isObject, unwrap } from "../lib/json";

/** Text longer than this is cut until the reader asks for the rest. */
const longText = 600;

/** A JSON value as a tree; text that holds JSON opens like an object. */
export function JsonTree({ value, openDepth = 1 }: { value: Json; openDepth?: number }) {
    return (
        <div className="json">
            <Node value={value} depth={0} openDepth={openDepth} />
        </div>
    );
}

function Node({ value, name, depth, openDepth }: { value: Json; name?: string; depth: number; openDepth: number }) {
    const inner = unwrap(value);
    const isBranch = Array.isArray(inner) || isObject(inner);
    const size = Array.isArray(inner) ? inner.length : isObject(inner) ? Object.keys(inner).length : 0;
    const [isOpen, setOpen] = useState(depth < openDepth && size <= 60);
    const label = name !== undefined && <span className="json-key">{name}</span>;
    if (!isBranch || size === 0) {
        return (
            <div className="json-leaf">
                {label}
                {isBranch ? <span className="json-null">{Array.isArray(inner) ? "[]" : "{}"}</span> : <Leaf value={value} />}
            </div>
        );
    }
    const entries: [string, Json][] = Array.isArray(inner) ? inner.map((v, i) => [String(i), v]) : Object.entries(inner as Record<string, Json>);
    return (
        <div className="json-branch">
            <button type="button" className="json-toggle" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
                <span className={`twist ${isOpen ? "is-open" : ""}`} aria-hidden="true" />
                {label}
                <span className="json-size">
                    {Array.isArray(inner) ? `[${size}]` : `{${size}}`}
                    {!isOpen && <span className="json-preview">{preview(inner)}</span>}
                </span>
            </button>
            {isOpen && (
                <div className="json-children">
                    {entries.map(([key, child]) => (
                        <Node key={key} name={key} value={child} depth={depth + 1} openDepth={openDepth} />
                    ))}
                </div>
            )}
        </div>
    );
}

function Leaf({ value }: { value: Json }) {
    const [isWhole, setWhole] = useState(false);
    if (value === null) return <span className="json-null">null</span>;
    if (typeof value === "number") return <span className="json-number">{String(value)}</span>;
    if (typeof value === "boolean") return <span className="json-bool">{String(value)}</span>;
    const text = String(value);
    const isLong = text.length > longText && !isWhole;
    return (
        <span className="json-string">
            {isLong ? text.slice(0, longText) : text}
            {isLong && (
                <button type="button" className="more" onClick={() => setWhole(true)}>
                    … {text.length - longText} more
                </button>
            )}
        </span>
    );
}

function preview(value: Json): string {
    const text = JSON.stringify(value);
    return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
