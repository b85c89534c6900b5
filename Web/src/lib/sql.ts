// Building SQL text from values.

export function literal(text: string): string {
    return `'${text.replace(/'/g, "''")}'`;
}

/** `attributes->>'key'`: what people write. */
export function attributePath(key: string): string {
    return `attributes->>${literal(key)}`;
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
