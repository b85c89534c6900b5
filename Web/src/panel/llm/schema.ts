import type { Json, JsonObject } from "../../api/types";
import { isObject } from "../../lib/json";

export interface Problem {
    /** `$.items[2].price` */
    path: string;
    message: string;
}

const mostProblems = 20;
const deepest = 40;

/** What of a value does not fit its JSON schema. Patterns and formats are left out: they would run what the sender wrote. */
export function problemsOf(value: Json, schema: Json): Problem[] {
    const problems: Problem[] = [];
    check(value, schema, "$", schema, problems, 0);
    return problems.slice(0, mostProblems);
}

function check(value: Json, schema: Json, path: string, root: Json, out: Problem[], depth: number): void {
    if (!isObject(schema) || depth > deepest || out.length >= mostProblems) return;
    const fault = (message: string) => out.push({ path, message });
    if (typeof schema.$ref === "string") return check(value, resolve(schema.$ref, root), path, root, out, depth + 1);
    const types = Array.isArray(schema.type) ? schema.type : schema.type === undefined ? [] : [schema.type];
    if (types.length > 0 && !types.some((t) => typeof t === "string" && isOf(value, t))) {
        fault(`is ${nameOf(value)}, not ${types.join(" or ")}`);
        return;
    }
    if (Array.isArray(schema.enum) && !schema.enum.some((v) => same(v, value))) fault(`is ${short(value)}, not one of ${schema.enum.slice(0, 8).map(short).join(", ")}`);
    if (schema.const !== undefined && !same(schema.const, value)) fault(`is ${short(value)}, not ${short(schema.const)}`);
    if (typeof value === "number") {
        if (typeof schema.minimum === "number" && value < schema.minimum) fault(`is ${value}, less than ${schema.minimum}`);
        if (typeof schema.maximum === "number" && value > schema.maximum) fault(`is ${value}, more than ${schema.maximum}`);
        if (typeof schema.exclusiveMinimum === "number" && value <= schema.exclusiveMinimum) fault(`is ${value}, not more than ${schema.exclusiveMinimum}`);
        if (typeof schema.exclusiveMaximum === "number" && value >= schema.exclusiveMaximum) fault(`is ${value}, not less than ${schema.exclusiveMaximum}`);
    }
    if (typeof value === "string") {
        if (typeof schema.minLength === "number" && value.length < schema.minLength) fault(`has ${value.length} characters, fewer than ${schema.minLength}`);
        if (typeof schema.maxLength === "number" && value.length > schema.maxLength) fault(`has ${value.length} characters, more than ${schema.maxLength}`);
    }
    if (Array.isArray(value)) {
        if (typeof schema.minItems === "number" && value.length < schema.minItems) fault(`has ${value.length} items, fewer than ${schema.minItems}`);
        if (typeof schema.maxItems === "number" && value.length > schema.maxItems) fault(`has ${value.length} items, more than ${schema.maxItems}`);
        if (schema.items !== undefined) value.forEach((item, i) => check(item, schema.items ?? null, `${path}[${i}]`, root, out, depth + 1));
    }
    if (isObject(value)) members(value, schema, path, root, out, depth);
    for (const part of Array.isArray(schema.allOf) ? schema.allOf : []) check(value, part, path, root, out, depth + 1);
    for (const key of ["anyOf", "oneOf"]) {
        const choices = schema[key];
        if (!Array.isArray(choices) || choices.length === 0) continue;
        const tried = choices.map((choice) => {
            const inner: Problem[] = [];
            check(value, choice, path, root, inner, depth + 1);
            return inner;
        });
        // The nearest miss says most.
        if (tried.every((t) => t.length > 0)) out.push(...tried.reduce((best, t) => (t.length < best.length ? t : best)));
    }
}

function members(value: JsonObject, schema: JsonObject, path: string, root: Json, out: Problem[], depth: number): void {
    const own = (o: JsonObject, key: string) => Object.prototype.hasOwnProperty.call(o, key);
    const properties = isObject(schema.properties ?? null) ? (schema.properties as JsonObject) : {};
    for (const key of Array.isArray(schema.required) ? schema.required : []) if (typeof key === "string" && !own(value, key)) out.push({ path: `${path}.${key}`, message: "is missing" });
    for (const [key, inner] of Object.entries(value)) {
        if (own(properties, key)) check(inner, properties[key] ?? null, `${path}.${key}`, root, out, depth + 1);
        else if (schema.additionalProperties === false) out.push({ path: `${path}.${key}`, message: "is not in the schema" });
        else if (isObject(schema.additionalProperties ?? null)) check(inner, schema.additionalProperties ?? null, `${path}.${key}`, root, out, depth + 1);
    }
}

function resolve(ref: string, root: Json): Json {
    let node: Json = root;
    for (const part of ref.replace(/^#\/?/, "").split("/").filter(Boolean)) {
        if (!isObject(node) || !Object.prototype.hasOwnProperty.call(node, part)) return null;
        node = node[part] ?? null;
    }
    return node;
}

function isOf(value: Json, type: string): boolean {
    switch (type) {
        case "object":
            return isObject(value);
        case "array":
            return Array.isArray(value);
        case "integer":
            return typeof value === "number" && Number.isInteger(value);
        case "null":
            return value === null;
        default:
            return typeof value === type;
    }
}

function nameOf(value: Json): string {
    return value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
}

function same(a: Json, b: Json): boolean {
    return JSON.stringify(a) === JSON.stringify(b);
}

function short(value: Json): string {
    const text = JSON.stringify(value);
    return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
