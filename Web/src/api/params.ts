/** A query string with spaces as `%20`, which every server reads the same way; `+` is a space to some and a plus to others. */
export function queryString(values: Record<string, string | undefined>): string {
    return Object.entries(values)
        .filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== "")
        .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`)
        .join("&");
}
