// What `logfire.json_schema` says about arguments: the types that JSON has no words for.

import type { Json, JsonObject } from "../../api/types";
import { isObject, unwrap } from "../../lib/json";

/** The part of the schema for a named argument. */
export function schemaOf(schema: Json | undefined, name: string): JsonObject | null {
    const whole = unwrap(schema);
    if (!isObject(whole) || !isObject(whole.properties)) return null;
    const part = whole.properties[name];
    return isObject(part) ? part : null;
}

/** `Order`, `datetime`, `ndarray 3×4 float64`: the type as its language calls it; null for plain JSON. */
export function typeName(schema: JsonObject | null): string | null {
    if (!schema) return null;
    const type = schema["x-python-datatype"];
    if (typeof type !== "string") return null;
    if (type === "ndarray" && Array.isArray(schema["x-shape"])) return `ndarray ${schema["x-shape"].join("×")}${typeof schema["x-dtype"] === "string" ? ` ${schema["x-dtype"]}` : ""}`;
    if (type === "DataFrame" && typeof schema["x-row-count"] === "number") return `DataFrame ${schema["x-row-count"]}×${String(schema["x-column-count"] ?? "?")}`;
    const title = typeof schema.title === "string" && schema.title !== type ? schema.title : null;
    if (type === "PydanticModel" || type === "dataclass" || type === "Enum" || type === "Exception") return title ?? type;
    return title ? `${type} (${title})` : type;
}

export interface Frame2D {
    columns: string[];
    index: string[];
    rows: Json[][];
}

/** A data frame or a matrix as a table; null for anything else. */
export function tableOf(value: Json, schema: JsonObject | null): Frame2D | null {
    const rows = unwrap(value);
    const type = schema?.["x-python-datatype"];
    if (!schema || (type !== "DataFrame" && type !== "ndarray") || !Array.isArray(rows) || !rows.every(Array.isArray)) return null;
    const names = (key: string) => (Array.isArray(schema[key]) ? (schema[key] as Json[]).map(String) : []);
    const wide = Math.max(0, ...rows.map((r) => (r as Json[]).length));
    const columns = names("x-columns");
    return { columns: columns.length > 0 ? columns : Array.from({ length: wide }, (_, i) => String(i)), index: names("x-indices"), rows: rows as Json[][] };
}
