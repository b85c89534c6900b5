// Searches with a name, kept in the browser for each project: what is typed and the pills, without the time range.

export interface SavedSearch {
    name: string;
    /** The parameters of the address that the search stands for. */
    params: string;
}

/** Parameters that make up a search. */
export const searchParams = ["q", "service", "level", "scope", "tag", "env", "kind"] as const;
const most = 100;

const keyOf = (project: string) => `hearth.saved.${project}`;

export function savedSearches(project: string): SavedSearch[] {
    try {
        const value: unknown = JSON.parse(localStorage.getItem(keyOf(project)) ?? "[]");
        return Array.isArray(value) ? value.filter((v): v is SavedSearch => typeof v === "object" && v !== null && typeof (v as SavedSearch).name === "string" && typeof (v as SavedSearch).params === "string") : [];
    } catch {
        return [];
    }
}

function store(project: string, list: readonly SavedSearch[]): boolean {
    try {
        localStorage.setItem(keyOf(project), JSON.stringify(list.slice(0, most)));
        return true;
    } catch {
        return false;
    }
}

/** The search of an address, in a fixed order, so that equal searches have equal texts. */
export function searchOf(params: URLSearchParams): string {
    const kept = new URLSearchParams();
    for (const name of searchParams) if (params.get(name)) kept.set(name, params.get(name)!);
    return kept.toString();
}

/** Changes for the address that put a saved search in the place of the present one. */
export function changesTo(saved: string): Record<string, string | null> {
    const params = new URLSearchParams(saved);
    return Object.fromEntries(searchParams.map((name) => [name, params.get(name)]));
}

/** False when the browser keeps nothing. */
export function saveSearch(project: string, search: SavedSearch): boolean {
    return store(project, [search, ...savedSearches(project).filter((s) => s.name !== search.name)]);
}

export function removeSearch(project: string, name: string): boolean {
    return store(project, savedSearches(project).filter((s) => s.name !== name));
}

/** A name to begin with: what is typed, else the values of the pills. */
export function suggestName(params: URLSearchParams): string {
    const typed = params.get("q")?.trim();
    const pills = searchParams.slice(1).flatMap((name) => params.get(name) ?? []);
    return (typed && typed.length <= 40 ? typed : pills.join(", ") || (typed ?? "").slice(0, 40)).trim();
}
