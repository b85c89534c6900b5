/** `ValueError: weights sum to 1.04`, as far as the sender says it; of a dotted type its own name, once. */
export function exceptionText(type: string | null, status: string | null): string {
    const name = type?.split(".").pop() || "exception";
    if (!status) return name;
    if (type && status.startsWith(`${type}:`)) return name + status.slice(type.length);
    return status.startsWith(name) ? status : `${name}: ${status}`;
}
