// Filters that were run, newest first, kept in the browser.

const key = "hearth.searches";
const most = 8;

export function recentSearches(): string[] {
    try {
        const value: unknown = JSON.parse(localStorage.getItem(key) ?? "[]");
        return Array.isArray(value) ? value.filter((v): v is string => typeof v === "string").slice(0, most) : [];
    } catch {
        return [];
    }
}

export function rememberSearch(text: string): void {
    const trimmed = text.trim();
    if (trimmed === "") return;
    try {
        localStorage.setItem(key, JSON.stringify([trimmed, ...recentSearches().filter((s) => s !== trimmed)].slice(0, most)));
    } catch {
        // Without storage there is no history, nothing else.
    }
}
