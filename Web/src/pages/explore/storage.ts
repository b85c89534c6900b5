// What Explore keeps in this browser. A full or forbidden store loses it, nothing else.

export function load<T>(key: string, fallback: T, isValid: (value: unknown) => value is T): T {
    try {
        const text = localStorage.getItem(key);
        if (text === null) return fallback;
        const value: unknown = JSON.parse(text);
        return isValid(value) ? value : fallback;
    } catch {
        return fallback;
    }
}

export function save(key: string, value: unknown): void {
    try {
        localStorage.setItem(key, JSON.stringify(value));
    } catch {
        // It is then forgotten with the page.
    }
}
