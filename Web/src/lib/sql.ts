// Building SQL text from values.

export function literal(text: string): string {
    const quoted = `'${text.replace(/'/g, "''")}'`;
    // No text of SQL may hold a zero, but values can.
    return text.includes("\0") ? `(${quoted.replace(/\0/g, "' || chr(0) || '")})` : quoted;
}

/** The key as the arrow takes it. One that begins with `$` or `/` would be read as a path, so it is written as one. */
export function arrowKey(key: string): string {
    return literal(/^[$/]/.test(key) ? `/${key.replace(/~/g, "~0").replace(/\//g, "~1")}` : key);
}

/** `attributes->>'key'`: what people write. */
export function attributePath(key: string): string {
    return `attributes->>${arrowKey(key)}`;
}

/** The same in brackets: the engine's own arrow binds weaker than comparisons. */
export function attribute(key: string): string {
    return `(${attributePath(key)})`;
}

export function all(...clauses: (string | null | undefined | false)[]): string {
    const kept = clauses.filter((c): c is string => Boolean(c));
    return kept.length === 0 ? "true" : kept.join(" AND ");
}

export function oneOf(column: string, values: readonly string[]): string {
    if (values.length === 1) return `${column} = ${literal(values[0]!)}`;
    return `${column} IN (${values.map(literal).join(", ")})`;
}
