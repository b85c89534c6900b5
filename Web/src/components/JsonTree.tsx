import { useState } from "react";
import type { Json } from "../api/types";
import { count } from "../lib/format";
import { isObject, unwrap } from "../lib/json";

/** Text longer than this is cut until the reader asks for more. */
const longText = 600;
/** What each further click shows: of a text, and of the members of one object or list. */
const textStep = 20_000;
const memberStep = 100;

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
    const [shown, setShown] = useState(memberStep);
    const label = name !== undefined && <bdi className="json-key">{name}</bdi>;
    if (!isBranch || size === 0) {
        return (
            <div className="json-leaf">
                {label}
                {isBranch ? <span className="json-null">{Array.isArray(inner) ? "[]" : "{}"}</span> : <Leaf value={value} />}
            </div>
        );
    }
    return (
        <div className="json-branch">
            <button type="button" className="json-toggle" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
                <span className={`twist ${isOpen ? "is-open" : ""}`} aria-hidden="true" />
                {label}
                <span className="json-size">
                    {Array.isArray(inner) ? `[${size}]` : `{${size}}`}
                    {!isOpen && <bdi className="json-preview">{preview(inner)}</bdi>}
                </span>
            </button>
            {isOpen && (
                <div className="json-children">
                    {members(inner, shown).map(([key, child]) => (
                        <Node key={key} name={key} value={child} depth={depth + 1} openDepth={openDepth} />
                    ))}
                    {size > shown && (
                        <button type="button" className="more" onClick={() => setShown(shown + memberStep)}>
                            … {count(Math.min(memberStep, size - shown))} of {count(size - shown)} more
                        </button>
                    )}
                </div>
            )}
        </div>
    );
}

function members(value: Json, most: number): [string, Json][] {
    if (Array.isArray(value)) return value.slice(0, most).map((v, i) => [String(i), v]);
    return Object.entries(value as Record<string, Json>).slice(0, most);
}

function Leaf({ value }: { value: Json }) {
    const [shown, setShown] = useState(longText);
    if (value === null) return <span className="json-null">null</span>;
    if (typeof value === "number") return <span className="json-number">{String(value)}</span>;
    if (typeof value === "boolean") return <span className="json-bool">{String(value)}</span>;
    const text = String(value);
    const rest = text.length - shown;
    return (
        <span className="json-string" dir="auto">
            {rest > 0 ? text.slice(0, shown) : text}
            {rest > 0 && (
                <button type="button" className="more" onClick={() => setShown(shown + textStep)}>
                    … {rest > textStep ? `${count(textStep)} of ` : ""}
                    {count(rest)} more
                </button>
            )}
        </span>
    );
}

const previewed = 80;

/** The beginning of a value as JSON, without writing out the rest of it. */
export function preview(value: Json): string {
    let text = "";
    const add = (part: string) => {
        text += part;
        return text.length < previewed;
    };
    const write = (v: Json, depth: number): boolean => {
        if (typeof v === "string") return add(JSON.stringify(v.slice(0, previewed)));
        if (v === null || typeof v !== "object") return add(String(v));
        if (depth > 6) return add("…");
        const isList = Array.isArray(v);
        if (!add(isList ? "[" : "{")) return false;
        let isFirst = true;
        for (const [key, inner] of isList ? v.slice(0, previewed).entries() : Object.entries(v)) {
            if (!add(isFirst ? "" : ",") || (!isList && !add(`${JSON.stringify(key)}:`)) || !write(inner as Json, depth + 1)) return false;
            isFirst = false;
        }
        return add(isList ? "]" : "}");
    };
    const isWhole = write(value, 0);
    return !isWhole || text.length > previewed ? `${text.slice(0, previewed)}…` : text;
}
